import {failure, type Result, success} from '../model/result.ts'
import type {Recording} from '../recording/read-recording.ts'
import type {RunReport, TaskReport} from '../report/report-schema.ts'
import {count} from '../report/wording.ts'
import {quoted} from '../text/quoted.ts'
import {shardName} from './shard-text.ts'

/** A report, with its name in messages. */
export interface ShardReport {
  readonly shown: string
  readonly report: RunReport
  /** The recording that contains it; absent if it is a file of its own. Whoever opened the recording closes it. */
  readonly recording?: Recording | undefined
}

/** Most tasks that a message names. */
const maxNamed = 5

/**
 * Chooses the reports to merge, sorted by shard: one for each shard, from the last attempt of its job. Together they must contain the whole list, and
 * no task twice except those of `shard: each`. A single report of a whole list is accepted as it is. The error has a sentence for each problem,
 * independent of the order of the reports.
 */
export function checkShards(reports: readonly ShardReport[]): Result<readonly ShardReport[], readonly string[]> {
  const sorted = reports.toSorted((a, b) => compare(a.shown, b.shown))
  const [only] = sorted
  if (only === undefined) return failure(['there is no report to merge'])
  const each = withoutCopies(sorted)
  const mistakes = wholeLists(each)
  if (mistakes.length > 0) return failure(mistakes)
  const last = withoutEarlierAttempts(each)
  const foreign = differences(last)
  const own = last.filter(({shown}) => !foreign.has(shown))
  const wrong = [...foreign.values(), ...doubles(own), ...missing(own), ...unfinished(own), ...incomplete(own)]
  if (wrong.length > 0) return failure(wrong)
  const apart = tasksApart(own)
  return apart.length > 0 ? failure(apart) : success(own.toSorted((a, b) => indexOf(a) - indexOf(b)))
}

// Does not depend on the locale, which differs between machines.
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const indexOf = ({report}: ShardReport): number => report.shard?.index ?? 0
const countOf = ({report}: ShardReport): number => report.shard?.count ?? 1
const nameOf = (each: ShardReport): string => shardName({index: indexOf(each), count: countOf(each)})

function wholeLists(reports: readonly ShardReport[]): readonly string[] {
  if (reports.length === 1) return []
  return reports.flatMap(({shown, report}) =>
    report.shard === null ? [`${quoted(shown)} is of no shard: the run had the whole list`] : []
  )
}

/** Drops report files that are also in a recording: a job may upload both. */
function withoutCopies(reports: readonly ShardReport[]): readonly ShardReport[] {
  const recorded = new Set(reports.flatMap(({report, recording}) => (recording === undefined ? [] : [JSON.stringify(report)])))
  return reports.filter(({report, recording}) => recording !== undefined || !recorded.has(JSON.stringify(report)))
}

/** Drops the reports of earlier attempts of the same job: each attempt of a job leaves one. */
function withoutEarlierAttempts(reports: readonly ShardReport[]): readonly ShardReport[] {
  return reports.filter(each => {
    const {run} = each.report
    return !reports.some(
      ({report}) =>
        run !== null &&
        report.run !== null &&
        report.run.id === run.id &&
        report.run.attempt > run.attempt &&
        isSameShard(report, each.report)
    )
  })
}

const isSameShard = (a: RunReport, b: RunReport): boolean => a.shard?.index === b.shard?.index && a.shard?.count === b.shard?.count

/** The properties that all shards of one plan share, in the order in which differences are reported. */
const facts: readonly (readonly [name: string, of: (report: RunReport) => string | null])[] = [
  ['repository', report => report.repository],
  ['commit', report => report.commit],
  ['number of shards', report => String(report.shard?.count ?? 1)],
  ['hash of the list', report => report.hashes.list],
  ['hash of the timings', report => report.hashes.timings],
  ['hash of the plan', report => report.hashes.plan]
]

/** A sentence for each report whose plan differs from that of most reports, by report name. */
function differences(reports: readonly ShardReport[]): ReadonlyMap<string, string> {
  const plans = new Map<string, ShardReport[]>()
  for (const each of reports) {
    const plan = JSON.stringify(facts.map(([, of]) => of(each.report)))
    plans.set(plan, [...(plans.get(plan) ?? []), each])
  }
  const [most] = [...plans].sort(([a, left], [b, right]) => right.length - left.length || compare(a, b)).map(([, group]) => group)
  const model = most?.[0]
  if (model === undefined || most === undefined) return new Map()
  return new Map(
    reports
      .filter(each => !most.includes(each))
      .map(each => {
        const [name] = facts.find(([, of]) => of(each.report) !== of(model.report)) ?? ['hash of the plan']
        return [
          each.shown,
          `${quoted(each.shown)} (${nameOf(each)}) is of another plan: its ${name} differs from that of ${quoted(model.shown)}`
        ]
      })
  )
}

function byShard(reports: readonly ShardReport[]): ReadonlyMap<number, readonly ShardReport[]> {
  const shards = new Map<number, ShardReport[]>()
  for (const each of reports) shards.set(indexOf(each), [...(shards.get(indexOf(each)) ?? []), each])
  return shards
}

function doubles(reports: readonly ShardReport[]): readonly string[] {
  return [...byShard(reports)]
    .sort(([a], [b]) => a - b)
    .flatMap(([, each]) =>
      each.length > 1 && each[0] ? [`${nameOf(each[0])} has ${each.length} reports: ${named(each.map(({shown}) => quoted(shown)))}`] : []
    )
}

function missing(reports: readonly ShardReport[]): readonly string[] {
  const [first] = reports
  if (first === undefined) return []
  const sizes = first.report.shard?.sizes ?? [first.report.listed]
  const known = byShard(reports)
  return sizes.flatMap((size, index) =>
    known.has(index) ? [] : [`${shardName({index, count: sizes.length})} has no report: ${count(size, 'task')}`]
  )
}

function unfinished(reports: readonly ShardReport[]): readonly string[] {
  return reports
    .filter(({report}) => report.result === null)
    .toSorted((a, b) => indexOf(a) - indexOf(b))
    .map(each => {
      const open = each.report.tasks.filter(({status}) => status === null).length
      return `${nameOf(each)} did not finish: ${open} of ${count(each.report.tasks.length, 'task')} ${open === 1 ? 'has' : 'have'} no result (${quoted(each.shown)})`
    })
}

/** Reports that contain only a part of their shard, such as those of `--failed`. */
function incomplete(reports: readonly ShardReport[]): readonly string[] {
  return reports.flatMap(each => {
    const {shard, listed, tasks} = each.report
    const expected = shard?.sizes[shard.index] ?? listed
    return tasks.length === expected
      ? []
      : [`${nameOf(each)} has ${tasks.length} of its ${count(expected, 'task')} (${quoted(each.shown)})`]
  })
}

/** Tasks that are in two shards without `shard: each`, and tasks that are in none. */
function tasksApart(reports: readonly ShardReport[]): readonly string[] {
  const owners = new Map<number, {readonly task: TaskReport; readonly shards: ShardReport[]}>()
  for (const each of reports.toSorted((a, b) => indexOf(a) - indexOf(b))) {
    for (const task of each.report.tasks) {
      const owner = owners.get(task.position) ?? {task, shards: []}
      owner.shards.push(each)
      owners.set(task.position, owner)
    }
  }
  const twice = [...owners.values()].flatMap(({task, shards}) =>
    shards.length > 1 && !task.inEachShard ? [`the task ${quoted(task.id)} is in ${named(shards.map(nameOf))}`] : []
  )
  const listed = reports[0]?.report.listed ?? 0
  const nowhere = Array.from({length: listed}, (_, position) => position).filter(position => !owners.has(position))
  const lost =
    nowhere.length === 0 ? [] : [`${count(nowhere.length, 'task')} of the list ${nowhere.length === 1 ? 'is' : 'are'} in no shard`]
  return [
    ...lost,
    ...twice.slice(0, maxNamed),
    ...(twice.length > maxNamed ? [`${twice.length - maxNamed} more tasks are in several shards`] : [])
  ]
}

function named(names: readonly string[]): string {
  const more = names.length - maxNamed
  return more > 0 ? `${names.slice(0, maxNamed).join(', ')} and ${more} more` : names.join(', ')
}
