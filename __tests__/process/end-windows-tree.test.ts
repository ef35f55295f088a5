import {afterEach, beforeEach, describe, expect, jest, test} from '@jest/globals'
import {endProcesses} from '../../src/process/end-processes.ts'
import type {ProcessControl} from '../../src/process/process-control.ts'
import type {ListedProcess} from '../../src/process/process-list.ts'

/** A process of a Windows machine. */
interface FakeProcess {
  readonly pid: number
  readonly parent: number
  /** In seconds since the leader was started; it may be before that. */
  readonly at?: number
  /** What it starts when it is ended, as far as anyone can tell. */
  readonly starts?: FakeProcess
  /** Another user's. */
  readonly isForeign?: boolean
}

const leader = 100
const start = 1_000_000
const target = {leader, powershell: leader, mark: 'M=1', stopThread: 'x'}
const never = new AbortController().signal

/** A machine with the leader and these processes: what is done to them. */
const machine = (...others: FakeProcess[]) => machineOf({pid: leader, parent: 1, at: 0}, ...others)

function machineOf(...processes: FakeProcess[]) {
  const done: string[] = []
  const notEnded: number[] = []
  let alive: readonly FakeProcess[] = processes
  const end = (process: FakeProcess): void => {
    alive = alive.filter(each => each !== process)
    if (process.starts !== undefined) alive = [...alive, process.starts]
  }
  const control: ProcessControl = {
    platform: 'win32',
    kill: pid => {
      done.push(`kill ${pid}`)
      const meant = alive.find(process => process.pid === pid)
      if (meant === undefined || meant.isForeign) throw Object.assign(new Error('kill'), {code: meant === undefined ? 'ESRCH' : 'EPERM'})
      end(meant)
    },
    killTree: async pid => {
      done.push(`tree ${pid}`)
      const root = alive.find(process => process.pid === pid)
      if (root === undefined) return false
      const tree = [root]
      for (const each of tree) tree.push(...alive.filter(process => process.parent === each.pid && !process.isForeign))
      for (const each of tree) end(each)
      return true
    },
    listProcesses: async () => {
      done.push('list')
      return alive.map(
        ({pid, parent, at = 1}): ListedProcess => ({
          pid,
          parent,
          group: 0,
          identity: `at ${at}`,
          createdAt: start + at * 1000,
          name: `${pid}.exe`,
          isMarked: false
        })
      )
    },
    hasSleepingThread: () => undefined,
    onNotEnded: pid => notEnded.push(pid)
  }
  return {control, done, notEnded, alive: () => alive.map(({pid}) => pid)}
}

const livesOn = {start, end: undefined}
const isOver = {start, end: start + 60_000}

describe('the end of a task on Windows', () => {
  test('is that of its tree, and a look at what is still there', async () => {
    const {control, done, alive} = machine({pid: 101, parent: leader}, {pid: 7, parent: 1})
    await endProcesses({...target, lifetime: livesOn}, control, never)
    expect(done).toEqual(['list', 'tree 100', 'list'])
    expect(alive()).toEqual([7])
  })

  test('is that of what a process of the tree has started while it was ended', async () => {
    const grandchild = {pid: 103, parent: 102, at: 3}
    const {control, alive, notEnded} = machine({pid: 101, parent: leader, starts: {pid: 102, parent: 101, at: 2, starts: grandchild}})
    await endProcesses({...target, lifetime: livesOn}, control, never)
    expect(alive()).toEqual([])
    expect(notEnded).toEqual([])
  })

  test('is not that of one who was there before the process that has the pid of its parent now', async () => {
    const {control, alive} = machine({pid: 101, parent: leader, at: -5}, {pid: 102, parent: leader, at: 5})
    await endProcesses({...target, lifetime: livesOn}, {...control, killTree: async () => false}, never)
    expect(alive()).toEqual([101])
  })

  test('leaves the pid alone of a leader that is over, and ends what it has left', async () => {
    const stranger = {pid: leader, parent: 1, at: 70}
    const itsChild = {pid: 103, parent: leader, at: 90}
    const {control, done, alive} = machineOf(stranger, {pid: 101, parent: leader, at: 30}, {pid: 102, parent: 101, at: 40}, itsChild)
    await endProcesses({...target, lifetime: isOver}, control, never)
    expect(done.filter(what => what !== 'list').toSorted()).toEqual(['kill 101', 'kill 102'])
    expect(alive()).toEqual([leader, 103])
  })

  test('leaves the pid alone of a leader that is over before its tree is ended', async () => {
    const {control, done} = machine({pid: 101, parent: leader})
    const lifetime: {start: number; end: number | undefined} = {start, end: undefined}
    const listProcesses: ProcessControl['listProcesses'] = mark => {
      lifetime.end = start + 60_000
      return control.listProcesses(mark)
    }
    await endProcesses({...target, lifetime}, {...control, listProcesses}, never)
    expect(done.filter(what => what !== 'list')).toEqual(['kill 101'])
  })

  test('is, where taskkill has failed, that of its leader and of each that it has started', async () => {
    const {control, notEnded, done, alive} = machine({pid: 101, parent: leader}, {pid: 102, parent: 101, at: 2}, {pid: 7, parent: 1})
    await endProcesses({...target, lifetime: livesOn}, {...control, killTree: async () => false}, never)
    expect(done).toContain('kill 100')
    expect(alive()).toEqual([7])
    expect(notEnded).toEqual([])
  })

  test('asks for no list where it has to be at once', async () => {
    const {control, done} = machine({pid: 101, parent: leader})
    await endProcesses({...target, lifetime: livesOn}, control, AbortSignal.abort())
    expect(done).toEqual(['tree 100'])
  })

  describe('where not all goes as it should', () => {
    beforeEach(() => {
      jest.useFakeTimers()
    })

    afterEach(() => {
      jest.useRealTimers()
    })

    test('is over, and reported, if something cannot be ended', async () => {
      const {control, notEnded, alive} = machine({pid: 101, parent: leader, isForeign: true})
      const ended = endProcesses({...target, lifetime: livesOn}, control, never)
      await jest.advanceTimersByTimeAsync(3000)
      await ended
      expect(alive()).toEqual([101])
      expect(notEnded).toEqual([leader])
    })

    test('waits a second for a list before it begins, and a little longer afterwards', async () => {
      const {control, done} = machine({pid: 101, parent: leader})
      const never = new Promise<readonly ListedProcess[]>(() => {})
      const ended = endProcesses({...target, lifetime: livesOn}, {...control, listProcesses: () => never}, new AbortController().signal)
      await jest.advanceTimersByTimeAsync(1000)
      expect(done).toEqual(['tree 100'])
      await jest.advanceTimersByTimeAsync(3000)
      await expect(ended).resolves.toBeUndefined()
    })
  })
})
