import type {RunRecord, Status, TaskRecord} from '../model/event.ts'
import {unreachable} from '../model/unreachable.ts'
import {isAllowedFailure, isFailed, isFlaky} from '../model/verdict.ts'

export {isFailed, isFlaky} from '../model/verdict.ts'

/** The result of the run, as the step's `result` output. */
export type RunResult = 'success' | 'failure' | 'cancelled'

/** Whether `continue-on-error` allows the task's failure. */
export function isAllowed({task, verdict}: TaskRecord): boolean {
  return isAllowedFailure(task, verdict)
}

/** The tasks that fail the run. */
export function failedTasks(record: RunRecord): TaskRecord[] {
  return record.tasks.filter(task => isFailed(task.verdict) && !isAllowed(task))
}

/** The tasks that succeeded after a failed attempt. */
export function flakyTasks({tasks}: RunRecord): TaskRecord[] {
  return tasks.filter(isFlaky)
}

/** The flaky tasks that fail the run: none unless `flaky` is `fail`; tasks that are allowed to fail do not count. */
export function failingFlakyTasks(record: RunRecord): TaskRecord[] {
  return record.flaky === 'fail' ? flakyTasks(record).filter(({task}) => !task.continueOnError) : []
}

/** The number of tasks by status. */
export function countByStatus(tasks: readonly TaskRecord[]): Readonly<Record<Status, number>> {
  const counts = {success: 0, failure: 0, 'timed-out': 0, cancelled: 0, skipped: 0, kept: 0}
  for (const {verdict} of tasks) counts[verdict.status]++
  return counts
}

/**
 * `failure` after a fault of the pool; otherwise `cancelled` after a signal; otherwise `failure` if the run reached a limit, a task failed without
 * `continue-on-error`, flaky tasks fail the run, or a task was skipped for a reason other than its `when` or its needs.
 */
export function runResult(record: RunRecord): RunResult {
  if (record.limit?.reason === 'internal') return 'failure'
  if (record.cancelled) return 'cancelled'
  return record.limit === undefined && record.tasks.every(isAsIntended) && failingFlakyTasks(record).length === 0 ? 'success' : 'failure'
}

// A task that was skipped because of a need does not fail the run by itself: the verdict of the need decides.
function isAsIntended(record: TaskRecord): boolean {
  const {status, reason} = record.verdict
  switch (status) {
    case 'success':
    case 'kept':
      return true
    case 'failure':
    case 'timed-out':
      return isAllowed(record)
    case 'cancelled':
      return false
    case 'skipped':
      return reason === 'no-need-failed' || reason === 'need-did-not-succeed'
    default:
      return unreachable(status)
  }
}

/** Wall time of the run, in milliseconds. */
export function wallMs(record: RunRecord): number {
  return record.endedAt - record.startedAt
}

/** Time in the attempts of a task without the waits between them, in milliseconds. */
export function taskMs({attempts}: TaskRecord): number {
  return attempts.reduce((sum, attempt) => sum + attempt.endedAt - attempt.startedAt, 0)
}

/** Time spent in all tasks, in milliseconds. */
export function sumOfTaskMs(record: RunRecord): number {
  return record.tasks.reduce((sum, task) => sum + taskMs(task), 0)
}

/** Task time divided by wall time: the speed-up over running one task after another. 1 for a run of no duration. */
export function speedUp(record: RunRecord): number {
  return wallMs(record) === 0 ? 1 : sumOfTaskMs(record) / wallMs(record)
}

/** The share of the time of all slots in which a task ran, 0 to 1; 0 for a run of no duration. */
export function poolUse(record: RunRecord): number {
  const slotMs = wallMs(record) * record.maxParallel
  return slotMs === 0 ? 0 : Math.min(1, sumOfTaskMs(record) / slotMs)
}

/** Whether a task ran to its end: neither skipped nor ended by a cancel or fail-fast. */
export function isDone({verdict}: TaskRecord): boolean {
  return verdict.status !== 'skipped' && verdict.status !== 'cancelled'
}
