import type {AttemptEnd, EmittedObjects, LeftByTask, LeftProcess, RecordedOutput} from '../model/event.ts'
import {includesExitCode} from '../model/exit-code.ts'
import type {ProcessEnd} from '../model/process-end.ts'
import type {Lock, Task} from '../model/task.ts'
import type {TaskChanges} from '../model/task-changes.ts'
import {unreachable} from '../model/unreachable.ts'
import type {Inheritance} from './inheritance.ts'

/** An attempt to start. */
export interface AttemptRequest {
  readonly task: Task
  /** Attempt, from 1. */
  readonly number: number
  /** Slot, from 0. */
  readonly worker: number
  /** The slot that the task has in each of its locks, from 0. */
  readonly lockSlots: ReadonlyMap<Lock, number>
  readonly inherited: Inheritance
  /** Called when the task itself begins; its duration counts from then. `pid`: that of the worker's process. */
  readonly onStarted: (pid?: number) => void
  /** Called when a task ends by itself, before its leftover processes are looked for: its duration and its verdict no longer change. */
  readonly onOver: () => void
}

/** An attempt in progress. */
export interface RunningAttempt {
  /** Resolves when the attempt is over. A rejection is a bug, and ends only this attempt. */
  readonly completed: Promise<CompletedAttempt>
  /** Ends the attempt: SIGINT first, then harder. */
  end(): void
  /** Kills the attempt at once. */
  kill(): void
}

/** The outcome of an attempt, before the pool applies timeouts and cancels. */
export type AttemptOutcome =
  | ProcessEnd
  | {readonly reason: 'wrong-file'; readonly message: string}
  /** No worker can start, for this task or another: the run stops. */
  | {readonly reason: 'no-worker'; readonly failedStarts: number; readonly message: string}
  /** Modules, `setup` or the start took too long. `isOwn`: the worker was started for this task alone. */
  | {readonly reason: 'setup-timeout'; readonly timeoutMs: number; readonly isOwn: boolean}

/** A finished attempt. The pool discards the output when every reader has read it. */
export interface CompletedAttempt {
  readonly end: AttemptOutcome
  readonly output: RecordedOutput & {discard(): Promise<void>}
  readonly changes: TaskChanges
  /** The objects that it emitted, if the task keeps objects and has run. */
  readonly objects?: EmittedObjects | undefined
  readonly left: readonly LeftProcess[]
  /** As in `OutputFindings`. */
  readonly lastPrinted?: readonly string[] | undefined
}

/** Runs attempts for the pool; implemented by `Workforce`. */
export interface AttemptRunner {
  /** Starts one attempt. Synchronous, so nothing can happen between claiming a task and starting it. An exception ends only this attempt. */
  start(request: AttemptRequest): RunningAttempt
  /** Announces the next tasks, in order, when there is room to get ready for them. */
  prepare(next: readonly Task[]): void
  /**
   * Closes the pipes of processes that tasks left running and returns the late output, in the order in which the tasks ended. Precondition: no
   * attempt is running.
   */
  closeLeft(): readonly LeftByTask[]
}

/** The end of an attempt as it appears in events and reports. `successCodes`: those of the task. */
export function attemptEnd(end: AttemptOutcome, successCodes: readonly number[]): AttemptEnd {
  switch (end.reason) {
    case 'exited':
      return includesExitCode(successCodes, end.exitCode)
        ? {status: 'success', reason: 'exit', exitCode: end.exitCode}
        : {status: 'failure', reason: 'exit-code', exitCode: end.exitCode}
    case 'killed':
      return {status: 'failure', reason: 'killed', signal: end.signal}
    case 'wrong-file':
      return {status: 'failure', reason: 'wrong-file', message: end.message}
    case 'not-started':
      return {status: 'failure', reason: 'not-started', message: end.message}
    case 'worker-lost':
      return {status: 'failure', reason: 'worker-lost', message: end.message}
    case 'no-worker':
      return {status: 'failure', reason: 'no-worker', failedStarts: end.failedStarts, message: end.message}
    case 'internal':
      return {status: 'failure', reason: 'internal', message: end.message}
    // The pool skips a task that never began, so this is unreachable in practice.
    case 'setup-timeout':
      return {status: 'failure', reason: 'not-started', message: 'what comes before the task took too long'}
    default:
      return unreachable(end)
  }
}
