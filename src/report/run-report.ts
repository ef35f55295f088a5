import {createHash} from 'node:crypto'
import type {Attempt, RunRecord, TaskRecord} from '../model/event.ts'
import type {Task, Value} from '../model/task.ts'
import {type AttemptReport, type RunReport, reportSchemaVersion, type TaskReport} from './report-schema.ts'
import {countByStatus, isAllowed, poolUse, runResult, speedUp, sumOfTaskMs, taskMs, wallMs} from './totals.ts'
import {verdictText} from './wording.ts'

/** Size limit of the `results` output, in bytes. */
export const resultsBudget = 100 * 1024

/** The whole run as one JSON document. Times are ISO 8601, durations milliseconds. */
export function renderRunReport(record: RunRecord): string {
  return rendered(reportOf(record))
}

/** A running attempt. */
export type RunningAttempt = Pick<Attempt, 'number' | 'worker' | 'startedAt'>

/**
 * The report of a run in progress, in the same form. `record` ends now; its verdicts for tasks in `open`, by index, are provisional, their attempts
 * are not. `open` gives the running attempt, if any.
 */
export function renderCurrentReport(record: RunRecord, open: ReadonlyMap<number, RunningAttempt | undefined>): string {
  const report = reportOf({...record, tasks: record.tasks.filter(({task}) => !open.has(task.index))})
  const ended = report.tasks.values()
  const tasks = record.tasks.map(task =>
    open.has(task.task.index) ? openTask(task, open.get(task.task.index), record.endedAt) : (ended.next().value as TaskReport)
  )
  return rendered({...report, result: null, limit: null, endedAt: null, tasks})
}

function rendered(report: RunReport): string {
  return `${JSON.stringify(report, undefined, 2)}\n`
}

function openTask(record: TaskRecord, running: RunningAttempt | undefined, now: number): TaskReport {
  const attempts = record.attempts.map(attemptResult)
  return {
    ...taskReport(record),
    status: null,
    reason: null,
    exitCode: null,
    allowed: false,
    error: null,
    outputs: {},
    attempts: running === undefined ? attempts : [...attempts, runningAttempt(running, now)]
  }
}

function runningAttempt({number, worker, startedAt}: RunningAttempt, now: number): AttemptReport {
  const begun = new Date(startedAt).toISOString()
  return {
    number,
    worker,
    startedAt: begun,
    endedAt: null,
    durationMs: Math.max(0, now - startedAt),
    status: null,
    reason: null,
    exitCode: null
  }
}

function reportOf(record: RunRecord): RunReport {
  return {
    schemaVersion: reportSchemaVersion,
    result: runResult(record),
    limit: record.limit?.reason ?? null,
    startedAt: new Date(record.startedAt).toISOString(),
    endedAt: new Date(record.endedAt).toISOString(),
    durationMs: wallMs(record),
    taskDurationMs: sumOfTaskMs(record),
    speedUp: Number(speedUp(record).toFixed(2)),
    poolUse: Number(poolUse(record).toFixed(3)),
    maxParallel: record.maxParallel,
    powershells: record.powershells.map(({edition, version}) => ({edition, version})),
    counts: countByStatus(record.tasks),
    tasks: record.tasks.map(taskReport)
  }
}

function taskReport(record: TaskRecord): TaskReport {
  return {...taskResult(record), fingerprint: fingerprint(record.task), attempts: record.attempts.map(attemptResult)}
}

/** The `results` output, and in words what was left out for its size: outputs first, then successes, then the last tasks. */
export function renderResults(
  record: RunRecord,
  budget: number = resultsBudget
): {readonly json: string; readonly leftOut: string | undefined} {
  const all = record.tasks.map(task => ({...taskResult(task), attempts: task.attempts.length}))
  const bare = all.map(({outputs: _, ...task}) => task)
  const failed = bare.filter(({status}) => status !== 'success')
  const stages = [
    {tasks: all, leftOut: undefined},
    {tasks: bare, leftOut: 'the outputs of tasks'},
    {tasks: failed, leftOut: 'outputs, and the tasks that succeeded'}
  ]
  for (const {tasks, leftOut} of stages) {
    const json = JSON.stringify(tasks)
    if (Buffer.byteLength(json) <= budget) return {json, leftOut}
  }
  const kept = longestStart(failed, budget)
  return {json: JSON.stringify(kept), leftOut: `outputs, the tasks that succeeded, and ${failed.length - kept.length} of the others`}
}

function longestStart<T>(list: readonly T[], budget: number): readonly T[] {
  let bytes = 2
  const end = list.findIndex(item => {
    bytes += Buffer.byteLength(JSON.stringify(item)) + 1
    return bytes - 1 > budget
  })
  return end < 0 ? list : list.slice(0, end)
}

function taskResult(record: TaskRecord): Omit<TaskReport, 'fingerprint' | 'attempts'> {
  const {task, verdict} = record
  return {
    id: task.id,
    name: task.name,
    status: verdict.status,
    reason: verdict.reason,
    exitCode: exitCode(record),
    durationMs: taskMs(record),
    allowed: isAllowed(record),
    error: verdict.status === 'success' ? null : verdictText(verdict),
    outputs: Object.fromEntries(record.attempts.at(-1)?.changes.outputs ?? [])
  }
}

const exitCode = ({verdict}: TaskRecord): number | null => ('exitCode' in verdict ? verdict.exitCode : null)

function attemptResult({number, worker, startedAt, endedAt, end}: Attempt): AttemptReport {
  return {
    number,
    worker,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: new Date(endedAt).toISOString(),
    durationMs: endedAt - startedAt,
    status: end.status,
    reason: end.reason,
    exitCode: 'exitCode' in end ? end.exitCode : null
  }
}

/** Changes with what a task runs (script, values, environment, folder), not with its name or limits. */
function fingerprint({script, parameters, arguments: positional, item, env, shell}: Task): string {
  const parts: Value = [
    script.kind,
    script.kind === 'run' ? script.text : script.path,
    parameters ?? null,
    positional ?? null,
    item ?? null,
    env,
    shell
  ]
  return createHash('sha256').update(JSON.stringify(parts, replacer)).digest('hex').slice(0, 16)
}

// JSON knows neither maps nor whole numbers of any size.
function replacer(_: string, value: unknown): unknown {
  if (value instanceof Map) return {map: [...value]}
  return typeof value === 'bigint' ? `${value}n` : value
}
