import type {AttemptEnd, LeftByTask, LeftProcess, RecordedOutput} from '../model/event.ts'
import {includesExitCode} from '../model/exit-code.ts'
import type {ProcessEnd} from '../model/process-end.ts'
import type {Task} from '../model/task.ts'
import type {TaskChanges} from '../model/task-changes.ts'
import {unreachable} from '../model/unreachable.ts'
import type {Inheritance} from './inheritance.ts'

/** What is to be started. */
export interface AttemptRequest {
  readonly task: Task
  /** Attempt, from 1. */
  readonly number: number
  /** Slot, from 0. */
  readonly worker: number
  readonly inherited: Inheritance
  /** To be called when the task itself begins: only from then on its time counts. `pid`: of the process in which it runs. */
  readonly onStarted: (pid?: number) => void
}

/** One attempt on its way. */
export interface RunningAttempt {
  /** Resolves when it is over. What it rejects with is a bug, and the end of this attempt alone. */
  readonly completed: Promise<CompletedAttempt>
  /** Ends it, politely at first. */
  end(): void
  /** Ends it at once. */
  kill(): void
}

/** How an attempt ended by itself. */
export type AttemptOutcome =
  | ProcessEnd
  | {readonly reason: 'wrong-file'; readonly message: string}
  /** No worker can be had, for this task or another: the run ends with it. */
  | {readonly reason: 'no-worker'; readonly failedStarts: number; readonly message: string}
  /** What has to happen before the task did not come to its end. `isOwn`: in a worker that was started for this task alone. */
  | {readonly reason: 'setup-timeout'; readonly timeoutMs: number; readonly isOwn: boolean}

/** An attempt that is over: how, and what it leaves. The pool discards the output when every reader is done. */
export interface CompletedAttempt {
  readonly end: AttemptOutcome
  readonly output: RecordedOutput & {discard(): Promise<void>}
  readonly changes: TaskChanges
  readonly left: readonly LeftProcess[]
}

/** What attempts are run by. */
export interface AttemptRunner {
  /** Starts one attempt; synchronous, so that nothing can happen between claiming a task and starting it. What it throws is the end of this attempt alone. */
  start(request: AttemptRequest): RunningAttempt
  /** Is told which tasks will be started next, the first first, when there is nothing better to do than to get ready for them. */
  prepare(next: readonly Task[]): void
  /**
   * Closes the pipes of what tasks left running, in the order in which the tasks ended: what they printed after that. Precondition: no attempt is
   * running.
   */
  closeLeft(): readonly LeftByTask[]
}

/** The same as the pool tells it, of a task with these `successCodes`. */
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
    case 'no-worker':
      return {status: 'failure', reason: 'no-worker', failedStarts: end.failedStarts, message: end.message}
    case 'internal':
      return {status: 'failure', reason: 'internal', message: end.message}
    // A task that never began is skipped by the pool; no other ends so.
    case 'setup-timeout':
      return {status: 'failure', reason: 'not-started', message: 'what comes before the task took too long'}
    default:
      return unreachable(end)
  }
}
