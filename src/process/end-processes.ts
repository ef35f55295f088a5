import {endWindowsTree} from './end-windows-tree.ts'
import {consoleHostStopThread} from './pipeline-stop.ts'
import type {EndingTarget, ProcessControl} from './process-control.ts'
import type {ListedProcess} from './process-list.ts'
import {chainOf, descendantsOf, keyOf} from './process-tree.ts'

/** Time from SIGINT to SIGTERM and to SIGKILL, in milliseconds. */
export const endingSchedule = {terminateAfterMs: 2000, killAfterMs: 4000} as const

/**
 * Time from SIGINT until PowerShell's children are interrupted too, in milliseconds, if its stop is not seen earlier: where threads are visible, and
 * where not. Measured on two processors: 10 to 60 at a load of 6, at most 300 at a load of 39.
 */
const stopGraceMs = {seen: 1000, unseen: 500} as const

/** Interval of polling while processes end, and the longest wait after SIGKILL, in milliseconds. */
const pollMs = 25
const lookMs = 250
const settleAfterKillMs = 500

/**
 * Ends a task's processes: SIGINT, on which pwsh stops its pipeline and runs `finally` blocks, then SIGTERM, then SIGKILL, each only while something
 * lives; SIGKILL at once when `firmly` is aborted. Resolves when all are gone or were killed. Processes of another user are left. Windows has neither
 * groups nor signals: there all end at once (`endWindowsTree`).
 */
export async function endProcesses(target: EndingTarget, control: ProcessControl, firmly: AbortSignal): Promise<void> {
  if (control.platform === 'win32') return endWindowsTree(target, control, firmly)
  const ending = new Ending(target, control)
  const {terminateAfterMs, killAfterMs} = endingSchedule
  const startedAt = performance.now()
  if (!firmly.aborted && (await ending.interrupt(startedAt + terminateAfterMs, firmly))) return
  if (!firmly.aborted && (await ending.send('SIGTERM', () => startedAt + killAfterMs, firmly))) return
  // A zombie that is never reaped stays visible, so this wait has an end.
  await ending.send('SIGKILL', () => performance.now() + settleAfterKillMs, undefined)
}

/** A process that has been sent SIGINT. */
interface Interrupted {
  readonly pid: number
  /** Number of the refresh that found it. */
  readonly look: number
  /** By the clock of `performance.now()`. */
  readonly at: number
  /** Its stopping thread was asleep at the last poll. */
  wasAsleep: boolean
  /** Its children may be interrupted too, because it no longer depends on how they end. */
  hasBegunToStop: boolean
}

const isShell = ({name}: ListedProcess): boolean => /^(ba|da|k|z)?sh$/.test(name)
const pause = () => new Promise(resolve => setTimeout(resolve, pollMs))

class Ending {
  readonly #target: EndingTarget
  readonly #control: ProcessControl
  /** Number of the refresh that first saw each process. */
  readonly #seen = new Map<string, number>()
  readonly #interrupted = new Map<string, Interrupted>()
  #looks = 0
  /** Living processes at the last refresh, the leader included. */
  #living: readonly ListedProcess[] = []

  constructor(target: EndingTarget, control: ProcessControl) {
    this.#target = target
    this.#control = control
  }

  /**
   * Interrupts PowerShell, then its children once it has begun to stop: if a child ended first, PowerShell would run the next statement. Processes
   * started afterwards, by `finally` blocks, are left alone. Waits until `deadline`; returns whether all are gone.
   */
  async interrupt(deadline: number, until: AbortSignal): Promise<boolean> {
    while (performance.now() < deadline && !until.aborted) {
      if (!(await this.#refresh())) return true
      if (this.#living.length === 0) this.#interruptUnseen()
      this.#interruptThose()
      for (const lookAt = performance.now() + lookMs; performance.now() < Math.min(lookAt, deadline) && !until.aborted; ) {
        await pause()
        if (this.#someBeginToStop() || !this.#answers()) break
      }
    }
    return false
  }

  /** Sends a signal to all and waits until `deadline`, which is read after sending; returns whether all are gone. */
  async send(signal: NodeJS.Signals, deadline: () => number, until: AbortSignal | undefined): Promise<boolean> {
    if (!(await this.#refresh())) return true
    this.#signal(-this.#target.leader, signal)
    for (const {pid} of this.#strays) this.#signal(pid, signal)
    const end = deadline()
    let lookAt = performance.now() + lookMs
    while (performance.now() < end && until?.aborted !== true) {
      await pause()
      // A signal is cheap to ask with, but it also finds what is dead and not reaped; the list does not.
      if (performance.now() < lookAt && this.#answers()) continue
      if (!(await this.#refresh())) return true
      lookAt = performance.now() + lookMs
    }
    return false
  }

  /** Processes that have left the group. */
  get #strays(): readonly ListedProcess[] {
    return this.#living.filter(({group}) => group !== this.#target.leader)
  }

  /**
   * Lists the processes again, before every signal, so that a reused pid gets none. Known processes stay known after their parents are gone. Returns
   * whether anything lives.
   */
  async #refresh(): Promise<boolean> {
    const {leader, mark} = this.#target
    const processes = await this.#control.listProcesses(mark)
    this.#looks++
    const seen = processes.map(process => ({...process, isMarked: process.isMarked || this.#seen.has(keyOf(process))}))
    this.#living = [...seen.filter(({pid}) => pid === leader), ...descendantsOf(leader, seen)]
    for (const process of this.#living) if (!this.#seen.has(keyOf(process))) this.#seen.set(keyOf(process), this.#looks)
    return (processes.length === 0 || this.#living.length > 0) && this.#answers()
  }

  /**
   * Interrupts every process that may be interrupted by now, parents before children. An orphan counts as PowerShell's child. A script that waits for
   * PowerShell, with its other children, is left alone: it would end, and PowerShell with it.
   */
  #interruptThose(): void {
    const {leader, powershell} = this.#target
    const waiting = chainOf(powershell, leader, this.#living)
    const root = waiting.has(powershell) ? powershell : leader
    const byPid = new Map(this.#living.map(process => [process.pid, process]))
    const children = new Map<ListedProcess | undefined, ListedProcess[]>()
    for (const process of this.#living) {
      if (process.pid !== root && waiting.has(process.pid)) continue
      const parent = process.pid === root ? undefined : (byPid.get(process.parent) ?? byPid.get(root))
      const siblings = children.get(parent)
      if (siblings === undefined) children.set(parent, [process])
      else siblings.push(process)
    }
    const parents: (ListedProcess | undefined)[] = [undefined]
    for (const parent of parents) {
      const added = (children.get(parent) ?? []).filter(process => this.#mayInterrupt(process, parent))
      // A shell goes on with the next program if it is interrupted between two of them: it and the one that it waits for have to be together.
      if (parent !== undefined && added.length > 0 && this.#isInterruptedShell(parent)) this.#signal(parent.pid, 'SIGINT')
      for (const process of added) this.#interrupt(process)
      parents.push(...(children.get(parent) ?? []))
    }
  }

  #mayInterrupt(process: ListedProcess, parent: ListedProcess | undefined): boolean {
    if (this.#interrupted.has(keyOf(process))) return false
    if (parent === undefined) return true
    const above = this.#interrupted.get(keyOf(parent))
    if (above === undefined || !above.hasBegunToStop) return false
    // Who has lost its parents was not started by PowerShell just now.
    return !this.#isPowerShell(parent) || process.parent !== parent.pid || (this.#seen.get(keyOf(process)) ?? 0) <= above.look
  }

  /** Whether it was interrupted before and did not end. */
  #isInterruptedShell(process: ListedProcess): boolean {
    return (
      isShell(process) && process.pid !== this.#target.leader && (this.#interrupted.get(keyOf(process))?.look ?? this.#looks) < this.#looks
    )
  }

  #isPowerShell({pid, name}: ListedProcess): boolean {
    return pid === this.#target.powershell || /^(pwsh|powershell)/i.test(name)
  }

  #interrupt(process: ListedProcess): void {
    const {pid} = process
    const hasBegunToStop = !this.#isPowerShell(process)
    this.#interrupted.set(keyOf(process), {pid, look: this.#looks, at: performance.now(), wasAsleep: false, hasBegunToStop})
    this.#signal(pid, 'SIGINT')
  }

  // Without a list, the leader still comes first.
  #interruptUnseen(): void {
    const {leader} = this.#target
    const first = this.#interrupted.get('unseen')
    if (first === undefined) {
      this.#interrupted.set('unseen', {pid: leader, look: 0, at: performance.now(), wasAsleep: false, hasBegunToStop: false})
      this.#signal(leader, 'SIGINT')
    } else if (first.hasBegunToStop && !this.#interrupted.has('group')) {
      this.#interrupted.set('group', {...first, wasAsleep: false})
      this.#signal(-leader, 'SIGINT')
    }
  }

  /** Whether more of them have begun to stop since the last call. */
  #someBeginToStop(): boolean {
    const waitedFor = [...this.#interrupted.values()].filter(({hasBegunToStop}) => !hasBegunToStop)
    for (const process of waitedFor) process.hasBegunToStop = this.#beginsToStop(process)
    return waitedFor.some(({hasBegunToStop}) => hasBegunToStop)
  }

  // It may sleep for a moment on its way: only one that sleeps on waits for the pipeline.
  #beginsToStop(process: Interrupted): boolean {
    const thread = process.pid === this.#target.powershell ? this.#target.stopThread : consoleHostStopThread
    const isAsleep = this.#control.hasSleepingThread(process.pid, thread)
    const hasSlept = process.wasAsleep && isAsleep === true
    process.wasAsleep = isAsleep === true
    return hasSlept || performance.now() - process.at >= (isAsleep === undefined ? stopGraceMs.unseen : stopGraceMs.seen)
  }

  #answers(): boolean {
    return this.#signal(-this.#target.leader, 0) || this.#strays.some(({pid}) => this.#signal(pid, 0))
  }

  // EPERM means that what is left runs as another user (sudo): it cannot be ended, so there is nothing to wait for.
  #signal(pid: number, signal: NodeJS.Signals | 0): boolean {
    try {
      this.#control.kill(pid, signal)
      return true
    } catch {
      return false
    }
  }
}
