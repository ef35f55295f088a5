import {runOf} from '../history/reported-run.ts'
import type {Attempt, PowerShell, RunLimit, RunRecord, TaskRecord} from '../model/event.ts'
import {failure, type Result, success} from '../model/result.ts'
import type {Task} from '../model/task.ts'
import {isFailed, isSuccess} from '../model/verdict.ts'
import type {ReportedRun} from '../report/masked-run.ts'
import {quoted} from '../text/quoted.ts'
import {checkShards, type ShardReport} from './check-shards.ts'

/**
 * One run of the reports of its shards, in any order: every task of the list once, in declared order, with the workers of all shards. The error lists
 * what is missing, double, unfinished, or of another plan.
 */
export function mergeReports(reports: readonly ShardReport[]): Result<ReportedRun, readonly string[]> {
  const checked = checkShards(reports)
  if (!checked.ok) return checked
  const runs: ReportedRun[] = []
  const wrong: string[] = []
  for (const {shown, report} of checked.value) {
    const run = runOf(report)
    if (run.ok) runs.push(run.value)
    else wrong.push(`${quoted(shown)} ${run.error}`)
  }
  const [first] = runs
  if (wrong.length > 0 || first === undefined) return failure(wrong)
  return success(joined(runs, first))
}

/** A task with what its shard knows of it. */
interface ShardTask {
  readonly record: TaskRecord
  readonly run: ReportedRun
  /** Workers of the shards before its own. */
  readonly workersBefore: number
}

function joined(runs: readonly ReportedRun[], first: ReportedRun): ReportedRun {
  const copies = new Map<number, ShardTask[]>()
  let workers = 0
  for (const run of runs) {
    for (const record of run.record.tasks) {
      const copy = {record, run, workersBefore: workers}
      copies.set(record.task.position, [...(copies.get(record.task.position) ?? []), copy])
    }
    workers += run.record.maxParallel
  }
  const chosen = [...copies].sort(([a], [b]) => a - b).map(([, each]) => counted(each))
  const tasks = chosen.map(({record}, index): Task => ({...record.task, index}))
  const records = runs.map(({record}) => record)
  const record: RunRecord = {
    plan: {...first.record.plan, hashes: {...first.record.plan.hashes, plan: undefined}, shard: undefined},
    powershells: distinct(records.flatMap(({powershells}) => powershells)),
    maxParallel: workers,
    startedAt: records.reduce((earliest, {startedAt}) => Math.min(earliest, startedAt), Number.POSITIVE_INFINITY),
    endedAt: records.reduce((latest, {endedAt}) => Math.max(latest, endedAt), 0),
    cancelled: records.some(({cancelled}) => cancelled),
    flaky: first.record.flaky,
    limit: limitOf(records),
    tasks: chosen.map(({record: {verdict, attempts}, workersBefore}, index) => ({
      task: tasks[index] as Task,
      verdict,
      attempts: attempts.map((attempt): Attempt => ({...attempt, worker: attempt.worker + workersBefore}))
    }))
  }
  return {
    record,
    tails: new Map(chosen.flatMap(({record: {task}, run: {tails}}, index) => entryOf(tasks[index] as Task, tails.get(task)))),
    maskedOutputs: new Map(chosen.map(({record: {task}, run}, index) => [tasks[index] as Task, run.maskedOutputs?.get(task) ?? []])),
    origin: first.origin
  }
}

const entryOf = <V>(task: Task, value: V | undefined): readonly [Task, V][] => (value === undefined ? [] : [[task, value]])

/** The copy of a task that counts: the first success, else the first failure. The order of shards is always the same. */
function counted(copies: readonly ShardTask[]): ShardTask {
  const found = copies.find(({record}) => isSuccess(record.verdict)) ?? copies.find(({record}) => isFailed(record.verdict)) ?? copies[0]
  if (found === undefined) throw new Error('Internal error: a task of no shard')
  return found
}

/** A fault of pwsh-pool before any other limit, which fails the run whatever else there is. */
function limitOf(records: readonly RunRecord[]): RunLimit | undefined {
  const limits = records.flatMap(({limit}) => limit ?? [])
  return limits.find(({reason}) => reason === 'internal') ?? limits[0]
}

function distinct(powershells: readonly PowerShell[]): readonly PowerShell[] {
  return [...new Map(powershells.map(each => [`${each.edition} ${each.version}`, each])).values()]
}
