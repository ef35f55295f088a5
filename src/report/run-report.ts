import {createHash} from 'node:crypto'
import type {Attempt, RunRecord, TaskRecord} from '../event.ts'
import type {Task, Value} from '../task.ts'
import {countByStatus, isAllowed, runResult, speedUp, sumOfTaskMs, taskMs, wallMs} from './totals.ts'
import {verdictText} from './wording.ts'

/** The version of the report's shape; it grows when a reader of the old shape would no longer understand it. */
export const reportSchemaVersion = 1

/** What the `results` output may weigh, in bytes. */
export const resultsBudget = 100 * 1024

/** The whole run as one JSON document. Times are ISO 8601, durations milliseconds. */
export function renderRunReport(record: RunRecord): string {
  const report = {
    schemaVersion: reportSchemaVersion,
    result: runResult(record),
    startedAt: new Date(record.startedAt).toISOString(),
    endedAt: new Date(record.endedAt).toISOString(),
    durationMs: wallMs(record),
    taskDurationMs: sumOfTaskMs(record),
    speedUp: Number(speedUp(record).toFixed(2)),
    maxParallel: record.maxParallel,
    powershells: record.powershells.map(({edition, version}) => ({edition, version})),
    counts: countByStatus(record.tasks),
    tasks: record.tasks.map(task => ({
      ...taskResult(task),
      fingerprint: fingerprint(task.task),
      attempts: task.attempts.map(attemptResult)
    }))
  }
  return `${JSON.stringify(report, undefined, 2)}\n`
}

/** The `results` output, and how many tasks had to be left out of it for its size: successes first, then the last of the others. */
export function renderResults(record: RunRecord, budget: number = resultsBudget): {readonly json: string; readonly omitted: number} {
  const all = record.tasks.map(task => ({
    status: task.verdict.status,
    json: JSON.stringify({...taskResult(task), attempts: task.attempts.length})
  }))
  const choices = [all, all.filter(({status}) => status !== 'success')]
  const [chosen = []] = choices.filter(list => sizeOf(list) <= budget)
  let kept = sizeOf(all) <= budget ? all : chosen.length > 0 ? chosen : (choices[1] ?? [])
  while (sizeOf(kept) > budget) kept = kept.slice(0, Math.floor(kept.length * 0.9))
  return {json: arrayOf(kept), omitted: all.length - kept.length}
}

const arrayOf = (list: readonly {readonly json: string}[]): string => `[${list.map(({json}) => json).join(',')}]`
const sizeOf = (list: readonly {readonly json: string}[]): number => Buffer.byteLength(arrayOf(list))

function taskResult(record: TaskRecord) {
  const {task, verdict} = record
  return {
    id: task.id,
    name: task.name,
    status: verdict.status,
    reason: verdict.reason,
    exitCode: exitCode(record),
    durationMs: taskMs(record),
    allowed: isAllowed(record),
    error: verdictText(verdict) || null
  }
}

const exitCode = ({verdict}: TaskRecord): number | null => ('exitCode' in verdict ? verdict.exitCode : null)

function attemptResult({number, worker, startedAt, endedAt, end}: Attempt) {
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

/** Changes when what the task runs changes: its script, values, environment or folder. Not when only its name or limits do. */
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
