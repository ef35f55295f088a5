import {afterEach, beforeEach, describe, expect, jest, test} from '@jest/globals'
import {endProcesses, type ProcessControl} from '../../src/pool/end-processes.ts'
import type {ListedProcess} from '../../src/pool/process-list.ts'

/** A process that heeds one signal, or none. */
interface FakeProcess {
  readonly pid: number
  readonly parent?: number
  readonly group?: number
  readonly isMarked?: boolean
  readonly diesOf?: NodeJS.Signals
  /** Dead, but nobody has reaped it: signal 0 finds it, the list does not. */
  isZombie?: boolean
  /** Another user's. */
  readonly isForeign?: boolean
}

const leader = 7
const never = new AbortController().signal

/** A machine with these processes: what they were sent, and when. */
function machine(...processes: FakeProcess[]) {
  const sent: string[] = []
  const startedAt = Date.now()
  let alive = processes
  const groupOf = ({pid, group = pid}: FakeProcess) => group
  const control: ProcessControl = {
    platform: 'linux',
    kill: (pid, signal) => {
      const meant = alive.filter(process => (pid < 0 ? groupOf(process) === -pid : process.pid === pid))
      if (meant.length === 0) throw Object.assign(new Error('kill'), {code: 'ESRCH'})
      if (meant.every(({isForeign}) => isForeign)) throw Object.assign(new Error('kill'), {code: 'EPERM'})
      if (signal === 0) return
      sent.push(`${signal} ${pid} at ${Date.now() - startedAt} ms`)
      alive = alive.filter(process => !meant.includes(process) || process.diesOf !== signal)
    },
    killTree: async pid => {
      sent.push(`tree ${pid}`)
    },
    listProcesses: async () =>
      alive
        .filter(({isZombie}) => !isZombie)
        .map(
          (process): ListedProcess => ({
            pid: process.pid,
            parent: process.parent ?? 1,
            group: groupOf(process),
            identity: `started ${process.pid}`,
            name: 'fake',
            isMarked: process.isMarked ?? false
          })
        )
  }
  return {sent, control, alive: () => alive.map(({pid}) => pid)}
}

describe('endProcesses', () => {
  beforeEach(() => {
    jest.useFakeTimers({now: 0})
  })

  afterEach(() => {
    jest.useRealTimers()
  })

  async function end(control: ProcessControl, firmly = never): Promise<number> {
    const startedAt = Date.now()
    const done = endProcesses({leader, mark: 'M=1'}, control, firmly).then(() => Date.now() - startedAt)
    await jest.advanceTimersByTimeAsync(10_000)
    return done
  }

  test('sends SIGINT to the group and no more to one that heeds it', async () => {
    const {sent, control} = machine({pid: leader, diesOf: 'SIGINT'}, {pid: 8, group: leader, diesOf: 'SIGINT'})
    await end(control)
    expect(sent).toEqual(['SIGINT -7 at 0 ms'])
  })

  test('sends SIGTERM after two seconds and SIGKILL after four to one that does not', async () => {
    const {sent, control} = machine({pid: leader, diesOf: 'SIGKILL'})
    await end(control)
    expect(sent).toEqual(['SIGINT -7 at 0 ms', 'SIGTERM -7 at 2000 ms', 'SIGKILL -7 at 4000 ms'])
  })

  test('keeps to these times however long it takes to look at processes, on a machine that has much to do', async () => {
    const {sent, control} = machine({pid: leader, diesOf: 'SIGKILL'})
    const listProcesses: ProcessControl['listProcesses'] = async mark => {
      await new Promise(resolve => setTimeout(resolve, 400))
      return control.listProcesses(mark)
    }
    await end({...control, listProcesses})
    expect(sent.map(signal => Math.floor(Number(/at (\d+)/.exec(signal)?.[1]) / 1000))).toEqual([0, 2, 4])
  })

  test('finds those that left the group, by their parents and by their mark, and nobody else', async () => {
    const {alive, control} = machine(
      {pid: leader, diesOf: 'SIGINT'},
      {pid: 20, parent: leader, diesOf: 'SIGKILL'},
      {pid: 21, parent: 20, diesOf: 'SIGTERM'},
      {pid: 30, isMarked: true, diesOf: 'SIGINT'},
      {pid: 31, parent: 30, diesOf: 'SIGINT'},
      {pid: 40}
    )
    await end(control)
    expect(alive()).toEqual([40])
  })

  test('does not wait for the dead that nobody reaps', async () => {
    const {control, sent} = machine({pid: leader, diesOf: 'SIGINT'}, {pid: 8, group: leader, isZombie: true}, {pid: 40})
    expect(await end(control)).toBeLessThan(1000)
    expect(sent).toEqual(['SIGINT -7 at 0 ms'])
  })

  test('is done soon after SIGKILL even if something stays', async () => {
    const {control} = machine({pid: leader})
    expect(await end(control)).toBe(4500)
  })

  test('survives processes of another user, and does not wait for them', async () => {
    const {control} = machine(
      {pid: leader, diesOf: 'SIGINT'},
      {pid: 9, parent: leader, isForeign: true},
      {pid: 10, group: leader, isForeign: true}
    )
    await end(control)
  })

  test('kills at once when told to, also in the middle', async () => {
    const {sent, control} = machine({pid: leader, diesOf: 'SIGKILL'})
    const firmly = new AbortController()
    const done = endProcesses({leader, mark: 'M=1'}, control, firmly.signal)
    await jest.advanceTimersByTimeAsync(510)
    firmly.abort()
    await jest.advanceTimersByTimeAsync(1000)
    await done
    expect(sent).toEqual(['SIGINT -7 at 0 ms', 'SIGKILL -7 at 525 ms'])
  })

  test('ends the whole tree on Windows, which has no groups', async () => {
    const {sent, control} = machine({pid: leader})
    await end({...control, platform: 'win32'})
    expect(sent).toEqual(['tree 7'])
  })
})
