import {afterEach, beforeEach, describe, expect, jest, test} from '@jest/globals'
import {endProcesses} from '../../src/process/end-processes.ts'
import type {ProcessControl} from '../../src/process/process-control.ts'
import type {ListedProcess} from '../../src/process/process-list.ts'

/** A process that ends at one signal, or at none. */
interface FakeProcess {
  readonly pid: number
  readonly parent?: number
  readonly group?: number
  readonly isMarked?: boolean
  readonly diesOf?: NodeJS.Signals
  /** A zombie: signal 0 finds it, the list does not. */
  isZombie?: boolean
  /** Another user's. */
  readonly isForeign?: boolean
  readonly name?: string
  /** When its thread for stopping begins to sleep, in milliseconds after it was first interrupted; the system does not tell if there is no time. */
  readonly stopsAfterMs?: number
  /** What it starts when it is interrupted, as in a `finally` block. */
  readonly startsThen?: FakeProcess
}

const leader = 7
const stopThread = 'ConsoleHost.HandleBreak'
const target = {leader, powershell: leader, mark: 'M=1', stopThread}
const never = new AbortController().signal

/** A machine with these processes: what they were sent, and when. */
function machine(...processes: FakeProcess[]) {
  const sent: string[] = []
  const startedAt = Date.now()
  let alive: readonly FakeProcess[] = processes
  const interruptedAt = new Map<number, number>()
  const groupOf = ({pid, group = pid}: FakeProcess) => group
  const control: ProcessControl = {
    platform: 'linux',
    kill: (pid, signal) => {
      const meant = alive.filter(process => (pid < 0 ? groupOf(process) === -pid : process.pid === pid))
      if (meant.length === 0) throw Object.assign(new Error('kill'), {code: 'ESRCH'})
      if (meant.every(({isForeign}) => isForeign)) throw Object.assign(new Error('kill'), {code: 'EPERM'})
      if (signal === 0) return
      sent.push(`${signal} ${pid} at ${Date.now() - startedAt} ms`)
      const firsts = meant.filter(process => signal === 'SIGINT' && !interruptedAt.has(process.pid))
      for (const process of firsts) interruptedAt.set(process.pid, Date.now())
      alive = alive.filter(process => !meant.includes(process) || process.diesOf !== signal)
      alive = [...alive, ...firsts.flatMap(({startsThen}) => startsThen ?? [])]
    },
    killTree: async pid => {
      sent.push(`tree ${pid}`)
      return true
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
            name: process.name ?? 'fake',
            isMarked: process.isMarked ?? false
          })
        ),
    hasSleepingThread: (pid, name) => {
      const {stopsAfterMs} = alive.find(process => process.pid === pid) ?? {}
      if (stopsAfterMs === undefined) return undefined
      return name === stopThread && Date.now() - (interruptedAt.get(pid) ?? Date.now()) >= stopsAfterMs
    }
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

  async function end(control: ProcessControl, firmly = never, powershell = leader): Promise<number> {
    const startedAt = Date.now()
    const done = endProcesses({...target, powershell}, control, firmly).then(() => Date.now() - startedAt)
    await jest.advanceTimersByTimeAsync(10_000)
    return done
  }

  test('sends SIGINT to PowerShell alone and no more if all end of that', async () => {
    const {sent, control} = machine({pid: leader, diesOf: 'SIGINT'})
    await end(control)
    expect(sent).toEqual(['SIGINT 7 at 0 ms'])
  })

  test('sends SIGINT to all that PowerShell had started once it has begun to stop, parents first', async () => {
    const {sent, control} = machine(
      {pid: leader, stopsAfterMs: 110, diesOf: 'SIGTERM'},
      {pid: 8, parent: leader, group: leader, diesOf: 'SIGINT'},
      {pid: 9, parent: 8, group: leader, diesOf: 'SIGINT'}
    )
    await end(control)
    expect(sent).toEqual(['SIGINT 7 at 0 ms', 'SIGINT 8 at 150 ms', 'SIGINT 9 at 150 ms', 'SIGTERM -7 at 2000 ms'])
  })

  test.each([
    ['half a second, where one cannot see that it stops', {}, 500],
    ['a second, where one could', {stopsAfterMs: 60_000}, 1000]
  ])('waits for PowerShell to stop %s', async (_, powershell, patienceMs) => {
    const native = {pid: 8, parent: leader, group: leader}
    const {sent, control} = machine({pid: leader, diesOf: 'SIGTERM', ...powershell}, native)
    await end(control)
    expect(sent.slice(0, 2)).toEqual(['SIGINT 7 at 0 ms', `SIGINT 8 at ${patienceMs} ms`])
  })

  test('leaves alone what PowerShell starts while it stops, with all that comes from it, for as long as it may take', async () => {
    const cleaner: FakeProcess = {pid: 50, parent: leader, group: leader, diesOf: 'SIGTERM'}
    const {sent, control} = machine(
      {pid: leader, stopsAfterMs: 0, diesOf: 'SIGTERM', startsThen: cleaner},
      {pid: 8, parent: leader, group: leader, diesOf: 'SIGINT'}
    )
    await end(control)
    expect(sent).toEqual(['SIGINT 7 at 0 ms', 'SIGINT 8 at 50 ms', 'SIGTERM -7 at 2000 ms'])
  })

  test('interrupts what lost its parent, and what an interrupted program starts, also if it was not there before', async () => {
    const {sent, control} = machine(
      {pid: leader, stopsAfterMs: 0, diesOf: 'SIGTERM', startsThen: {pid: 50, parent: 1, group: leader, diesOf: 'SIGINT'}},
      {pid: 8, parent: leader, group: 8, startsThen: {pid: 51, parent: 8, group: 8, diesOf: 'SIGINT'}, diesOf: 'SIGTERM'}
    )
    await end(control)
    expect(sent.filter(signal => signal.startsWith('SIGINT'))).toEqual([
      'SIGINT 7 at 0 ms',
      'SIGINT 8 at 50 ms',
      'SIGINT 50 at 50 ms',
      'SIGINT 51 at 300 ms'
    ])
  })

  test('interrupts a shell once more, with the program that it has gone on with', async () => {
    const {sent, control} = machine(
      {pid: leader, stopsAfterMs: 0, diesOf: 'SIGTERM'},
      {
        pid: 8,
        parent: leader,
        group: leader,
        name: 'bash',
        diesOf: 'SIGTERM',
        startsThen: {pid: 9, parent: 8, group: leader, diesOf: 'SIGINT'}
      }
    )
    await end(control)
    expect(sent.slice(0, -1)).toEqual(['SIGINT 7 at 0 ms', 'SIGINT 8 at 50 ms', 'SIGINT 8 at 300 ms', 'SIGINT 9 at 300 ms'])
  })

  test('lets another PowerShell in the task stop before what that has started, and what had been started beside it', async () => {
    const {sent, control} = machine(
      {pid: leader, stopsAfterMs: 0, diesOf: 'SIGTERM'},
      {pid: 8, parent: leader, group: leader, diesOf: 'SIGINT'},
      {pid: 20, parent: leader, group: leader, name: 'pwsh', stopsAfterMs: 100, diesOf: 'SIGTERM'},
      {pid: 21, parent: 20, group: leader, diesOf: 'SIGINT'},
      {pid: 22, parent: 21, group: leader, diesOf: 'SIGINT'}
    )
    await end(control)
    expect(sent).toEqual([
      'SIGINT 7 at 0 ms',
      'SIGINT 20 at 50 ms',
      'SIGINT 8 at 50 ms',
      'SIGINT 21 at 175 ms',
      'SIGINT 22 at 175 ms',
      'SIGTERM -7 at 2000 ms'
    ])
  })

  describe('where `shell` names a script that starts PowerShell and waits for it', () => {
    const script: FakeProcess = {pid: leader, name: 'sh', diesOf: 'SIGTERM'}
    const native: FakeProcess = {pid: 9, parent: 8, group: leader, diesOf: 'SIGINT'}

    test('interrupts PowerShell itself first, then what that had started, and leaves the script and what is beside it alone', async () => {
      const {sent, control} = machine(
        script,
        {pid: 8, parent: leader, group: leader, name: 'pwsh', stopsAfterMs: 0, diesOf: 'SIGTERM'},
        {pid: 20, parent: leader, group: leader, name: 'tee', diesOf: 'SIGTERM'},
        native
      )
      await end(control, never, 8)
      expect(sent).toEqual(['SIGINT 8 at 0 ms', 'SIGINT 9 at 50 ms', 'SIGTERM -7 at 2000 ms'])
    })

    test('interrupts the script when its PowerShell is gone and it goes on', async () => {
      const {sent, control} = machine(script, {pid: 8, parent: leader, group: leader, name: 'pwsh', diesOf: 'SIGINT'})
      await end(control, never, 8)
      expect(sent).toEqual(['SIGINT 8 at 0 ms', 'SIGINT 7 at 250 ms', 'SIGTERM -7 at 2000 ms'])
    })

    test('begins with the script if PowerShell is not among what it has started', async () => {
      const {sent, control} = machine({...script, diesOf: 'SIGINT'}, {pid: 8, parent: 1, name: 'other'})
      await end(control, never, 8)
      expect(sent).toEqual(['SIGINT 7 at 0 ms'])
    })
  })

  test('begins with PowerShell also where no processes are listed', async () => {
    const {sent, control} = machine({pid: leader, diesOf: 'SIGINT'}, {pid: 8, group: leader, diesOf: 'SIGINT'})
    await end({...control, listProcesses: async () => []})
    expect(sent).toEqual(['SIGINT 7 at 0 ms', 'SIGINT -7 at 500 ms'])
  })

  test('sends SIGTERM after two seconds and SIGKILL after four to a process that ignores SIGINT', async () => {
    const {sent, control} = machine({pid: leader, diesOf: 'SIGKILL'})
    await end(control)
    expect(sent).toEqual(['SIGINT 7 at 0 ms', 'SIGTERM -7 at 2000 ms', 'SIGKILL -7 at 4000 ms'])
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

  test('finds processes that left the group, by parent and by mark, and no others', async () => {
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

  test('does not wait for zombies', async () => {
    const {control, sent} = machine({pid: leader, diesOf: 'SIGINT'}, {pid: 8, group: leader, isZombie: true}, {pid: 40})
    expect(await end(control)).toBeLessThan(1000)
    expect(sent).toEqual(['SIGINT 7 at 0 ms'])
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
    expect(await end(control)).toBeLessThan(1000)
  })

  test('kills at once when told to, also in the middle', async () => {
    const {sent, control} = machine({pid: leader, diesOf: 'SIGKILL'})
    const firmly = new AbortController()
    const done = endProcesses(target, control, firmly.signal)
    await jest.advanceTimersByTimeAsync(510)
    firmly.abort()
    await jest.advanceTimersByTimeAsync(1000)
    await done
    expect(sent).toEqual(['SIGINT 7 at 0 ms', 'SIGKILL -7 at 525 ms'])
  })

  test('ends the whole tree on Windows, which has no groups', async () => {
    const {sent, control} = machine({pid: leader})
    await end({...control, platform: 'win32'})
    expect(sent).toEqual(['tree 7'])
  })

  test('tries once more on Windows where the tree cannot be ended, and ends at least its root', async () => {
    const {sent, control} = machine({pid: leader, diesOf: 'SIGKILL'})
    const killTree: ProcessControl['killTree'] = async pid => {
      await control.killTree(pid)
      return false
    }
    const notEnded: number[] = []
    await end({...control, platform: 'win32', killTree, onNotEnded: pid => notEnded.push(pid)})
    expect(sent).toEqual(['tree 7', 'tree 7', 'SIGKILL 7 at 0 ms'])
    expect(notEnded).toEqual([leader])
  })

  test('is content on Windows with a root that is over when its tree could not be ended', async () => {
    const {sent, control} = machine()
    const notEnded: number[] = []
    await end({...control, platform: 'win32', killTree: async () => false, onNotEnded: pid => notEnded.push(pid)})
    expect([sent, notEnded]).toEqual([[], []])
  })
})
