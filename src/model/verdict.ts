import type {Attempt, TaskRecord, Verdict} from './event.ts'
import type {Task} from './task.ts'
import {noChanges, type TaskChanges} from './task-changes.ts'

/** Whether the verdict is a failure, allowed or not. */
export function isFailed(verdict: Verdict): boolean {
  return verdict.status === 'failure' || verdict.status === 'timed-out'
}

/** Whether the task succeeded, in this run or in the one it is kept from. */
export function isSuccess({status}: Verdict): boolean {
  return status === 'success' || status === 'kept'
}

/** What a task asked of the runner: in its last attempt, or in the run it is kept from. */
export function changesOf({verdict, attempts}: Pick<TaskRecord, 'verdict' | 'attempts'>): TaskChanges {
  return verdict.status === 'kept' ? verdict.changes : (attempts.at(-1)?.changes ?? noChanges)
}

/** Whether the task succeeded after an attempt that failed by itself: not if its worker was lost by another task. */
export function isFlaky({verdict, attempts}: Pick<TaskRecord, 'verdict' | 'attempts'>): boolean {
  return verdict.status === 'success' && firstFailure(attempts) !== undefined
}

/** The first attempt that failed by itself; `undefined` if none did. */
export function firstFailure(attempts: readonly Attempt[]): Attempt | undefined {
  return attempts.find(({end}) => isFailed(end) && end.reason !== 'worker-lost')
}

const notByTheTask: ReadonlySet<Verdict['reason']> = new Set<Verdict['reason']>(['total-timeout', 'no-worker', 'internal'])

/** Whether `continue-on-error` allows this failure. It covers what the task does itself, not limits of the run or bugs in the pool. */
export function isAllowedFailure({continueOnError}: Task, verdict: Verdict): boolean {
  return continueOnError && isFailed(verdict) && !notByTheTask.has(verdict.reason)
}
