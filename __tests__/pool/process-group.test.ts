import {afterEach, beforeEach, describe, expect, jest, test} from '@jest/globals'
import {endProcessGroup, type ProcessControl} from '../../src/pool/process-group.ts'

/** A group that dies of one signal, and what it was sent when. */
function group(diesOf: NodeJS.Signals | undefined, code: 'ESRCH' | 'EPERM' = 'ESRCH') {
  const sent: string[] = []
  let isAlive = true
  const startedAt = Date.now()
  const control: ProcessControl = {
    platform: 'linux',
    kill: (pid, signal) => {
      if (!isAlive || code === 'EPERM') throw Object.assign(new Error('kill'), {code})
      if (signal !== 0) sent.push(`${signal} ${pid} at ${Date.now() - startedAt} ms`)
      if (signal === diesOf) isAlive = false
    },
    killTree: async pid => {
      sent.push(`tree ${pid}`)
    }
  }
  return {sent, control}
}

const never = new AbortController().signal

describe('endProcessGroup', () => {
  beforeEach(() => {
    jest.useFakeTimers({now: 0})
  })

  afterEach(() => {
    jest.useRealTimers()
  })

  async function end(control: ProcessControl, firmly = never): Promise<void> {
    const done = endProcessGroup(7, control, firmly)
    await jest.advanceTimersByTimeAsync(10_000)
    await done
  }

  test('sends SIGINT to the group and no more to one that heeds it', async () => {
    const {sent, control} = group('SIGINT')
    await end(control)
    expect(sent).toEqual(['SIGINT -7 at 0 ms'])
  })

  test('sends SIGTERM after two seconds and SIGKILL after four to one that does not', async () => {
    const {sent, control} = group('SIGKILL')
    await end(control)
    expect(sent).toEqual(['SIGINT -7 at 0 ms', 'SIGTERM -7 at 2000 ms', 'SIGKILL -7 at 4000 ms'])
  })

  test('is done soon after SIGKILL even if a dead process stays visible', async () => {
    const {control} = group(undefined)
    const done = endProcessGroup(7, control, never)
    await jest.advanceTimersByTimeAsync(4500)
    await expect(done).resolves.toBeUndefined()
  })

  test('survives processes of another user', async () => {
    const {sent, control} = group(undefined, 'EPERM')
    await end(control)
    expect(sent).toEqual([])
  })

  test('kills at once when told to, also in the middle', async () => {
    const {sent, control} = group('SIGKILL')
    const firmly = new AbortController()
    const done = endProcessGroup(7, control, firmly.signal)
    await jest.advanceTimersByTimeAsync(500)
    firmly.abort()
    await jest.advanceTimersByTimeAsync(100)
    await done
    expect(sent).toEqual(['SIGINT -7 at 0 ms', 'SIGKILL -7 at 525 ms'])
  })

  test('ends the whole tree on Windows, which has no groups', async () => {
    const {sent, control} = group('SIGINT')
    await end({...control, platform: 'win32'})
    expect(sent).toEqual(['tree 7'])
  })
})
