import type {AttemptEnd, Kept, RunLimit, Skip, Verdict} from '../model/event.ts'
import type {Task} from '../model/task.ts'
import type {TaskChanges} from '../model/task-changes.ts'
import {unreachable} from '../model/unreachable.ts'
import type {AttemptReport, DetailsReport, RunReport, TaskReport} from '../report/report-schema.ts'

/** The properties of a task or attempt in a report that describe its end. */
type ReportedEnd = Pick<AttemptReport, 'exitCode' | 'details'> & Pick<TaskReport, 'status' | 'reason'>

/** Finds a task of the report by its id. */
export type TaskOfId = (id: string) => Task | undefined

/** The verdict that a report describes; `undefined` if its status, reason and details do not fit together. `changes`: those of a kept task. */
export function verdictOf({status, reason, exitCode, details}: ReportedEnd, taskOf: TaskOfId, changes: TaskChanges): Verdict | undefined {
  const {message, signal, timeoutMs, failedStarts, failedTasks, ranAt, durationMs} = details ?? {}
  const task = details?.task === undefined ? undefined : taskOf(details.task)
  switch (reason) {
    case 'exit':
      return status === 'success' && exitCode !== null ? {status, reason, exitCode} : undefined
    case 'exit-code':
      return status === 'failure' && exitCode !== null ? {status, reason, exitCode} : undefined
    case 'killed':
      // Any text is accepted, because it is only shown.
      return status === 'failure' && signal !== undefined ? {status, reason, signal: signal as NodeJS.Signals} : undefined
    case 'wrong-file':
    case 'not-started':
    case 'worker-lost':
      return status === 'failure' && message !== undefined ? {status, reason, message} : undefined
    case 'internal':
      return message !== undefined && (status === 'failure' || status === 'cancelled' || status === 'skipped')
        ? {status, reason, message}
        : undefined
    case 'timeout':
      return status === 'timed-out' && timeoutMs !== undefined ? {status, reason, timeoutMs} : undefined
    case 'total-timeout':
      return timeoutMs !== undefined && (status === 'timed-out' || status === 'skipped') ? {status, reason, timeoutMs} : undefined
    case 'setup-timeout':
      return status === 'skipped' && timeoutMs !== undefined ? {status, reason, timeoutMs} : undefined
    case 'cancelled':
      return status === 'cancelled' || status === 'skipped' ? {status, reason} : undefined
    case 'fail-fast':
      return task !== undefined && (status === 'cancelled' || status === 'skipped')
        ? {status, reason, cause: task, failed: failedTasks}
        : undefined
    case 'no-worker':
      if (failedStarts === undefined) return undefined
      if (status === 'failure' && message !== undefined) return {status, reason, failedStarts, message}
      return status === 'skipped' && task !== undefined ? {status, reason, failedStarts, cause: task} : undefined
    case 'need-did-not-succeed':
      return status === 'skipped' && task !== undefined ? {status, reason, need: task} : undefined
    case 'no-need-failed':
      return status === 'skipped' ? {status, reason} : undefined
    case 'kept':
      return status === 'kept' && exitCode !== null && ranAt !== undefined && durationMs !== undefined
        ? {status, reason, exitCode, ranAt: Date.parse(ranAt), durationMs, changes}
        : undefined
    case null:
      return undefined
    default:
      return unreachable(reason)
  }
}

/** Whether the verdict can end an attempt. */
export function isAttemptEnd(verdict: Verdict | undefined): verdict is Exclude<AttemptEnd, Skip | Kept> {
  return verdict !== undefined && verdict.status !== 'skipped' && verdict.status !== 'kept'
}

/** The limit that a report names; `undefined` if details are missing. */
export function limitOf(reason: NonNullable<RunReport['limit']>, details: DetailsReport, taskOf: TaskOfId): RunLimit | undefined {
  const {message, timeoutMs, failedStarts, task} = details ?? {}
  switch (reason) {
    case 'total-timeout':
    case 'setup-timeout':
      return timeoutMs === undefined ? undefined : {reason, timeoutMs}
    case 'no-worker': {
      const cause = task === undefined ? undefined : taskOf(task)
      return cause === undefined || failedStarts === undefined ? undefined : {reason, failedStarts, cause}
    }
    case 'internal':
      return message === undefined ? undefined : {reason, message}
    default:
      return unreachable(reason)
  }
}
