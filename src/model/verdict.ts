import type {Verdict} from './event.ts'
import type {Task} from './task.ts'

/** Whether the verdict is a failure, allowed or not. */
export function isFailed(verdict: Verdict): boolean {
  return verdict.status === 'failure' || verdict.status === 'timed-out'
}

const notByTheTask: ReadonlySet<Verdict['reason']> = new Set<Verdict['reason']>(['total-timeout', 'no-worker', 'internal'])

/** Whether `continue-on-error` allows this failure. It covers what the task does itself, not limits of the run or bugs in the pool. */
export function isAllowedFailure({continueOnError}: Task, verdict: Verdict): boolean {
  return continueOnError && isFailed(verdict) && !notByTheTask.has(verdict.reason)
}
