import type {PageData, PageLog} from '../src/pages/page-data.ts'
import type {PageObjects} from '../src/pages/page-objects.ts'
import type {PlannedTask} from '../src/recording/run-details.ts'
import type {AttemptReport, RunReport, TaskReport} from '../src/report/report-schema.ts'

/** How a task ended. A task that has not ended, whose status is `null` in the report, is `running`. */
export type Status = NonNullable<TaskReport['status']> | 'running'

/** An attempt on the timeline. Times are milliseconds since the epoch. */
export interface Bar {
  readonly row: Row
  readonly attempt: AttemptReport
  readonly lane: number
  readonly from: number
  readonly to: number
  readonly status: Status
}

/** A task as the page shows it. */
export interface Row {
  /** Position in the report. */
  readonly position: number
  readonly task: TaskReport
  readonly plan: PlannedTask | undefined
  readonly status: Status
  /** `true` if it succeeded after a failed attempt. */
  readonly isFlaky: boolean
  /** `true` if its failure fails the run. */
  readonly isFailed: boolean
  /** `true` if it is one of the slowest in the run. */
  readonly isSlow: boolean
  /** The shard that ran it, from 0; `undefined` in a run that was not merged. */
  readonly shard: number | undefined
  /** Start of its first attempt, milliseconds since the epoch; `undefined` if it never ran. */
  readonly startedAt: number | undefined
  readonly bars: readonly Bar[]
  readonly needs: readonly Row[]
  readonly dependents: readonly Row[]
  readonly logs: readonly PageLog[]
  readonly objects: PageObjects | undefined
  /** Text for searches, in lower case. */
  readonly searchText: string
}

/** A row of the timeline: a slot of the pool, on one machine. */
export interface Lane {
  readonly worker: number
  /** As in `Row`. */
  readonly shard: number | undefined
}

/** A run as the page shows it. */
export interface RunModel {
  readonly report: RunReport
  readonly rows: readonly Row[]
  readonly byId: ReadonlyMap<string, Row>
  readonly lanes: readonly Lane[]
  readonly bars: readonly Bar[]
  /** Start and end of the timeline, in milliseconds since the epoch. */
  readonly from: number
  readonly to: number
  readonly logsLeftOut: string | null
  readonly plan: PageData['plan']
}

/** Computes the model from the data of a page. */
export function runModel({report, plan, objects, logs, logsLeftOut}: PageData): RunModel {
  const objectsOf = new Map(objects.map(each => [each.task, each]))
  const logsOf = new Map<number, PageLog[]>()
  for (const log of logs)
    logsOf.set(
      log.task,
      [...(logsOf.get(log.task) ?? []), log].sort((a, b) => a.attempt - b.attempt)
    )
  const slowFrom = slowLimit(report.tasks.filter(({attempts}) => attempts.length > 0).map(({durationMs}) => durationMs))
  const laneNumbers = new Map<string, Lane>()
  for (const task of report.tasks) {
    const shard = shardOf(task)
    for (const {worker} of task.attempts) laneNumbers.set(`${shard ?? -1}/${worker}`, {worker, shard})
  }
  const lanes = [...laneNumbers.values()].sort((a, b) => (a.shard ?? -1) - (b.shard ?? -1) || a.worker - b.worker)
  const laneOf = new Map(lanes.map(({worker, shard}, lane) => [`${shard ?? -1}/${worker}`, lane]))
  const bars: Bar[] = []
  const rows = report.tasks.map((task, position): MutableRow => {
    const shard = shardOf(task)
    const row: MutableRow = {
      position,
      task,
      plan: plan.tasks[position] ?? undefined,
      status: task.status ?? 'running',
      isFlaky: task.flaky,
      isFailed: (task.status === 'failure' || task.status === 'timed-out') && !task.allowed,
      isSlow: task.durationMs > slowFrom,
      shard,
      startedAt: task.attempts[0] === undefined ? undefined : Date.parse(task.attempts[0].startedAt),
      bars: [],
      needs: [],
      dependents: [],
      logs: logsOf.get(position) ?? [],
      objects: objectsOf.get(position),
      searchText: [task.name, task.id, plan.tasks[position]?.group, plan.tasks[position]?.place, task.error].join('\n').toLowerCase()
    }
    for (const attempt of task.attempts) {
      const from = Date.parse(attempt.startedAt)
      const lane = laneOf.get(`${shard ?? -1}/${attempt.worker}`) ?? 0
      const bar = {row, attempt, lane, from, to: from + attempt.durationMs, status: attempt.status ?? 'running'} as const
      row.bars.push(bar)
      bars.push(bar)
    }
    return row
  })
  for (const row of rows) {
    for (const need of row.plan?.needs ?? []) {
      const needed = rows[need]
      if (needed === undefined) continue
      row.needs.push(needed)
      needed.dependents.push(row)
    }
  }
  const from = Date.parse(report.startedAt)
  const to = Math.max(from + report.durationMs, ...latestEnd(bars))
  return {report, rows, byId: new Map(rows.map(row => [row.task.id, row])), lanes, bars, from, to, logsLeftOut, plan}
}

type MutableRow = Omit<Row, 'bars' | 'needs' | 'dependents'> & {
  readonly bars: Bar[]
  readonly needs: Row[]
  readonly dependents: Row[]
}

const shardOf = (task: TaskReport): number | undefined => task.shard ?? undefined

// The latest end, or nothing. The bars may be too many to spread into `Math.max`.
function latestEnd(bars: readonly Bar[]): number[] {
  return bars.length === 0 ? [] : [bars.reduce((latest, {to}) => Math.max(latest, to), 0)]
}

/** The duration above which a task is marked as slow: the largest of three times the median, one second, and the 95th percentile. */
function slowLimit(durations: readonly number[]): number {
  const sorted = durations.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0
  return Math.max(1000, 3 * at(1 / 2), sorted.length < 20 ? 0 : at(19 / 20))
}

/** Most tasks that are named as the slowest, as in the summary. */
const mostSlowest = 5

/** The tasks that took longest, the slowest first. None if the list shows as much: with few tasks, none of which has a recorded duration. */
export function slowestRows({rows}: Pick<RunModel, 'rows'>): readonly Row[] {
  const ran = rows.filter(({task, status}) => task.attempts.length > 0 && status !== 'cancelled' && status !== 'running')
  if (ran.length <= mostSlowest && ran.every(({task}) => task.recorded === null)) return []
  return ran.toSorted((a, b) => b.task.durationMs - a.task.durationMs).slice(0, mostSlowest)
}
