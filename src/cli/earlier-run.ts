import path from 'node:path'
import {readReport} from '../history/read-report.ts'
import {succeededBefore} from '../history/resume.ts'
import type {Complaint} from '../log/refusal.ts'
import type {RunRecord} from '../model/event.ts'
import {failure, type Result, success} from '../model/result.ts'
import type {PlannedTasks} from '../shards/plan-tasks.ts'
import {quoted} from '../text/quoted.ts'

/** The run that is requested. */
export interface RequestedRun {
  readonly planned: PlannedTasks
  /** With `--failed`: when the earlier run began, in milliseconds since the epoch. The tasks kept from it are not part of this run. */
  readonly failedOnlyOf: number | undefined
}

/** Plans the run; with `--failed`, only the tasks that did not succeed in the earlier report. `folder`: absolute base of relative paths. */
export function requestedRun(
  planned: PlannedTasks,
  {failed}: {readonly failed: string | undefined},
  folder: string
): Result<RequestedRun, readonly Complaint[]> {
  if (failed === undefined) return success({planned, failedOnlyOf: undefined})
  const report = readReport(path.resolve(folder, failed))
  if (!report.ok) return failure([{text: `--failed: expected the report of a run, got ${quoted(failed)}, which ${report.error}`}])
  const kept = succeededBefore(planned.tasks, report.value)
  return success({planned: {...planned, kept}, failedOnlyOf: Date.parse(report.value.startedAt)})
}

/** Removes the tasks that were not run again. */
export function withoutKept(record: RunRecord): RunRecord {
  return {...record, tasks: record.tasks.filter(({verdict}) => verdict.status !== 'kept')}
}

/** The last line of a run with `--failed`: `12 ran, 233 not run again (report of 14:05)`. Times are milliseconds since the epoch. */
export function failedOnlyText({tasks}: RunRecord, reportedAt: number, now: number): string {
  const ran = tasks.filter(({attempts}) => attempts.length > 0).length
  const kept = tasks.filter(({verdict}) => verdict.status === 'kept').length
  const skipped = tasks.length - ran - kept
  const notRun = skipped === 0 ? '' : `, ${skipped} skipped`
  return `${ran} ran${notRun}, ${kept} not run again (report of ${timeText(reportedAt, now)})`
}

/** A local time: `14:05`, or `2026-11-29 14:05` if it is not today. */
function timeText(ms: number, now: number): string {
  const two = (number: number) => String(number).padStart(2, '0')
  const date = new Date(ms)
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`
  if (date.toDateString() === new Date(now).toDateString()) return time
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`
}
