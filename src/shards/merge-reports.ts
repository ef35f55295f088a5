import {runOf} from '../history/reported-run.ts'
import type {Attempt, PowerShell, RunLimit, RunRecord, TaskRecord} from '../model/event.ts'
import {failure, type Result, success} from '../model/result.ts'
import type {Task} from '../model/task.ts'
import {isFailed, isSuccess} from '../model/verdict.ts'
import type {Recording} from '../recording/read-recording.ts'
import type {ReportedRun} from '../report/masked-run.ts'
import type {RunReport} from '../report/report-schema.ts'
import {quoted} from '../text/quoted.ts'
import {checkShards, type ShardReport} from './check-shards.ts'

/** The run that the reports of all shards make up, and where each shard is in it. */
export interface MergedRun {
  readonly run: ReportedRun
  /** The shards in order, with the positions of their tasks and workers in the run. */
  readonly parts: readonly MergedPart[]
}

/** A shard of the merged run. */
export interface MergedPart {
  /** Absent for the report of a whole list. */
  readonly shard: RunReport['shard']
  readonly recording: Recording | undefined
  /** Number of workers in the shards before it. */
  readonly workersBefore: number
  /** Its tasks, in the order of its own report. */
  readonly tasks: readonly MergedTask[]
}

/** The position of a shard's task in the merged run. */
export interface MergedTask {
  readonly position: number
  /** Whether the result of this shard is the one that counts for the task. */
  readonly counts: boolean
}

/**
 * Merges the reports of shards, in any order, into one run: every task of the list once, in declared order, with the workers of all shards. The error
 * lists missing, duplicate and unfinished shards, and those of another plan.
 */
export function mergeReports(reports: readonly ShardReport[]): Result<MergedRun, readonly string[]> {
  const checked = checkShards(reports)
  if (!checked.ok) return checked
  const shards: ShardRun[] = []
  const wrong: string[] = []
  for (const each of checked.value) {
    const run = runOf(each.report)
    if (run.ok) shards.push({...each, run: run.value, workersBefore: shards.reduce((sum, {report}) => sum + report.maxParallel, 0)})
    else wrong.push(`${quoted(each.shown)} ${run.error}`)
  }
  const [first] = shards
  if (wrong.length > 0 || first === undefined) return failure(wrong)
  return success(joined(shards, first))
}

interface ShardRun extends ShardReport {
  readonly run: ReportedRun
  readonly workersBefore: number
}

/** A task as one shard reports it. */
interface ShardTask {
  readonly record: TaskRecord
  readonly of: ShardRun
}

function joined(shards: readonly ShardRun[], first: ShardRun): MergedRun {
  const copies = new Map<number, ShardTask[]>()
  for (const of of shards) {
    for (const record of of.run.record.tasks) {
      copies.set(record.task.position, [...(copies.get(record.task.position) ?? []), {record, of}])
    }
  }
  const chosen = [...copies].sort(([a], [b]) => a - b).map(([, each]) => counted(each))
  const places = new Map(chosen.map(({record, of}, position) => [record.task.position, {position, of}]))
  return {
    run: runOfAll(shards, chosen, first.run),
    parts: shards.map(shard => ({
      shard: shard.report.shard,
      recording: shard.recording,
      workersBefore: shard.workersBefore,
      tasks: shard.run.record.tasks.flatMap(({task}): MergedTask[] => {
        const place = places.get(task.position)
        return place === undefined ? [] : [{position: place.position, counts: place.of === shard}]
      })
    }))
  }
}

function runOfAll(shards: readonly ShardRun[], chosen: readonly ShardTask[], first: ReportedRun): ReportedRun {
  const tasks = chosen.map(({record}, index): Task => ({...record.task, index}))
  const records = shards.map(({run}) => run.record)
  const record: RunRecord = {
    plan: {...first.record.plan, hashes: {...first.record.plan.hashes, plan: undefined}, shard: undefined},
    powershells: distinct(records.flatMap(({powershells}) => powershells)),
    maxParallel: records.reduce((sum, {maxParallel}) => sum + maxParallel, 0),
    startedAt: records.reduce((earliest, {startedAt}) => Math.min(earliest, startedAt), Number.POSITIVE_INFINITY),
    endedAt: records.reduce((latest, {endedAt}) => Math.max(latest, endedAt), 0),
    cancelled: records.some(({cancelled}) => cancelled),
    flaky: first.record.flaky,
    limit: limitOf(records),
    tasks: chosen.map(({record: {verdict, attempts, shard}, of}, index) => ({
      task: tasks[index] as Task,
      verdict,
      attempts: attempts.map((attempt): Attempt => ({...attempt, worker: attempt.worker + of.workersBefore})),
      shard: of.report.shard?.index ?? shard
    }))
  }
  return {
    record,
    tails: new Map(chosen.flatMap(({record: {task}, of: {run}}, index) => entryOf(tasks[index] as Task, run.tails.get(task)))),
    maskedOutputs: new Map(chosen.map(({record: {task}, of: {run}}, index) => [tasks[index] as Task, run.maskedOutputs?.get(task) ?? []])),
    origin: first.origin
  }
}

const entryOf = <V>(task: Task, value: V | undefined): readonly [Task, V][] => (value === undefined ? [] : [[task, value]])

/** The result that counts for a task of several shards: the first success, otherwise the first failure, in the order of the shards. */
function counted(copies: readonly ShardTask[]): ShardTask {
  const found = copies.find(({record}) => isSuccess(record.verdict)) ?? copies.find(({record}) => isFailed(record.verdict)) ?? copies[0]
  if (found === undefined) throw new Error('Internal error: a task of no shard')
  return found
}

/** The limit of the merged run: a fault of pwsh-pool takes precedence, because it always fails the run. */
function limitOf(records: readonly RunRecord[]): RunLimit | undefined {
  const limits = records.flatMap(({limit}) => limit ?? [])
  return limits.find(({reason}) => reason === 'internal') ?? limits[0]
}

function distinct(powershells: readonly PowerShell[]): readonly PowerShell[] {
  return [...new Map(powershells.map(each => [`${each.edition} ${each.version}`, each])).values()]
}
