import type {Attempt, RunLimit, RunRecord, TaskRecord, Verdict} from '../model/event.ts'
import {changesOf, isSuccess} from '../model/verdict.ts'
import type {ReportedRun} from './masked-run.ts'
import {type AttemptReport, type DetailsReport, type RunReport, reportSchemaVersion, type TaskReport} from './report-schema.ts'
import {countByStatus, flakyTasks, isAllowed, isFlaky, poolUse, runResult, speedUp, sumOfTaskMs, taskMs, wallMs} from './totals.ts'
import {verdictText} from './wording.ts'

/** Size limit of the `results` output, in bytes. */
const resultsBudget = 100 * 1024

/** Limit of the summaries of all tasks (GITHUB_STEP_SUMMARY) in a report, in bytes: as much as a page shows. */
const summariesBudget = 900 * 1024

/** The whole run as one JSON document. Times are ISO 8601, durations milliseconds. */
export function renderRunReport(run: ReportedRun): string {
  return rendered(reportOf(run))
}

/** A running attempt. */
export type RunningAttempt = Pick<Attempt, 'number' | 'worker' | 'startedAt'>

/**
 * The report of a run in progress, in the same form. `record` ends now. `open`: the tasks without a verdict, by index, each with its running attempt,
 * if any; their verdicts in `record` are provisional.
 */
export function renderCurrentReport(run: ReportedRun, open: ReadonlyMap<number, RunningAttempt | undefined>): string {
  const {record} = run
  const report = reportOf({...run, record: {...record, tasks: record.tasks.filter(({task}) => !open.has(task.index))}})
  const ended = report.tasks.values()
  const tasks = record.tasks.map(task =>
    open.has(task.task.index) ? openTask(task, run, open.get(task.task.index), record.endedAt) : (ended.next().value as TaskReport)
  )
  return rendered({...report, result: null, limit: null, endedAt: null, tasks})
}

function rendered(report: RunReport): string {
  return `${JSON.stringify(report, undefined, 2)}\n`
}

function openTask(record: TaskRecord, run: ReportedRun, running: RunningAttempt | undefined, now: number): TaskReport {
  const attempts = record.attempts.map(attemptResult)
  return {
    ...taskReport(record, run, ''),
    status: null,
    reason: null,
    exitCode: null,
    allowed: false,
    error: null,
    details: null,
    outputs: {},
    maskedOutputs: [],
    objects: null,
    setsEnvironment: false,
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
    exitCode: null,
    details: null,
    matched: null
  }
}

/** The report of a run. */
export function reportOf(run: ReportedRun): RunReport {
  const {record, origin} = run
  const summaries = fittingSummaries(record.tasks)
  const {hashes, listed, shard} = record.plan
  return {
    schemaVersion: reportSchemaVersion,
    result: runResult(record),
    limit: record.limit?.reason ?? null,
    limitDetails: detailsOf(record.limit),
    repository: origin?.repository ?? null,
    commit: origin?.commit ?? null,
    run: origin?.run ?? null,
    startedAt: new Date(record.startedAt).toISOString(),
    endedAt: new Date(record.endedAt).toISOString(),
    hashes: {list: hashes.list, timings: hashes.timings ?? null, plan: hashes.plan ?? null},
    listed,
    shard: shard === undefined ? null : {index: shard.index, count: shard.sizes.length, sizes: [...shard.sizes]},
    durationMs: wallMs(record),
    taskDurationMs: sumOfTaskMs(record),
    speedUp: Number(speedUp(record).toFixed(2)),
    poolUse: Number(poolUse(record).toFixed(3)),
    maxParallel: record.maxParallel,
    powershells: record.powershells.map(({edition, version}) => ({edition, version})),
    counts: countByStatus(record.tasks),
    flaky: flakyTasks(record).length,
    flakyMode: record.flaky ?? 'warn',
    tasks: record.tasks.map((task, position) => taskReport(task, run, summaries[position] ?? null))
  }
}

/** The summaries of the tasks, within the budget; `null` for those that do not fit. */
function fittingSummaries(tasks: readonly TaskRecord[]): readonly (string | null)[] {
  let rest = summariesBudget
  return tasks.map(record => {
    const {summary} = changesOf(record)
    const bytes = Buffer.byteLength(summary)
    if (bytes > rest) return null
    rest -= bytes
    return summary
  })
}

function taskReport(record: TaskRecord, {tails, maskedOutputs}: ReportedRun, summary: string | null): TaskReport {
  const {task, verdict, attempts} = record
  const {outputs, ...result} = taskResult(record)
  const {env, paths} = changesOf(record)
  return {
    ...result,
    details: detailsOf(verdict),
    outputs,
    maskedOutputs: [...(maskedOutputs?.get(task) ?? [])],
    objects: countsOf(attempts.at(-1)?.objects),
    setsEnvironment: env.size > 0 || paths.length > 0,
    summary,
    lastLines: [...(tails.get(task) ?? [])],
    file: task.place.file ?? null,
    mayFail: task.continueOnError,
    maxAttempts: task.retry.times + 1,
    key: task.key,
    position: task.position,
    inEachShard: task.isInEachShard,
    shard: record.shard ?? null,
    recorded: task.recorded ?? null,
    fingerprint: task.fingerprint,
    attempts: attempts.map(attemptResult)
  }
}

const countsOf = (objects: Attempt['objects']): TaskReport['objects'] =>
  objects === undefined ? null : {count: objects.count, leftOut: objects.leftOut}

/** The details of a verdict or a limit that no other field of the report has. */
function detailsOf(end: Verdict | RunLimit | undefined): DetailsReport {
  if (end === undefined) return null
  const details = {
    ...('message' in end ? {message: end.message} : {}),
    ...('signal' in end ? {signal: end.signal} : {}),
    ...('timeoutMs' in end ? {timeoutMs: end.timeoutMs} : {}),
    ...('failedStarts' in end ? {failedStarts: end.failedStarts} : {}),
    ...('failed' in end && end.failed !== undefined ? {failedTasks: end.failed} : {}),
    ...('cause' in end ? {task: end.cause.id} : {}),
    ...('need' in end ? {task: end.need.id} : {}),
    ...('ranAt' in end ? {ranAt: new Date(end.ranAt).toISOString(), durationMs: end.durationMs} : {})
  }
  return Object.keys(details).length === 0 ? null : details
}

/** The `results` output within the size limit, and a sentence about what was left out: first outputs, then successes, then the last tasks. */
export function renderResults(
  record: RunRecord,
  budget: number = resultsBudget
): {readonly json: string; readonly leftOut: string | undefined} {
  const all = record.tasks.map(task => ({...taskResult(task), attempts: task.attempts.length}))
  const bare = all.map(({outputs: _, ...task}) => task)
  const failed = bare.filter(({status}) => status !== 'success' && status !== 'kept')
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

/** A task in the `results` output, without its attempts. */
type TaskResult = Pick<
  TaskReport,
  'id' | 'name' | 'status' | 'reason' | 'exitCode' | 'durationMs' | 'flaky' | 'allowed' | 'error' | 'outputs'
>

function taskResult(record: TaskRecord): TaskResult {
  const {task, verdict} = record
  return {
    id: task.id,
    name: task.name,
    status: verdict.status,
    reason: verdict.reason,
    exitCode: exitCode(record),
    durationMs: taskMs(record),
    flaky: isFlaky(record),
    allowed: isAllowed(record),
    error: isSuccess(verdict) ? null : verdictText(verdict),
    outputs: Object.fromEntries(changesOf(record).outputs)
  }
}

const exitCode = ({verdict}: TaskRecord): number | null => ('exitCode' in verdict ? verdict.exitCode : null)

function attemptResult({number, worker, startedAt, endedAt, end, matched}: Attempt): AttemptReport {
  return {
    number,
    worker,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: new Date(endedAt).toISOString(),
    durationMs: endedAt - startedAt,
    status: end.status,
    reason: end.reason,
    exitCode: 'exitCode' in end ? end.exitCode : null,
    details: detailsOf(end),
    matched: matched ?? null
  }
}
