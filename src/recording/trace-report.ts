import type {AttemptReport, RunReport, TaskReport} from '../report/report-schema.ts'
import type {RunDetails} from './run-details.ts'

/** An event. Source: "Trace Event Format", the JSON that chrome://tracing and Perfetto open. Times are microseconds from the start of the run. */
export interface TraceEvent {
  readonly name: string
  readonly ph: 'M' | 'X' | 'b' | 'e' | 's' | 'f'
  readonly pid: number
  readonly tid?: number
  readonly ts?: number
  readonly dur?: number
  readonly cat?: string
  readonly id?: number
  /** The end of the arrow binds to the slice that contains its time. */
  readonly bp?: 'e'
  readonly args?: Readonly<Record<string, unknown>>
}

/** Most arrows from needs to dependents in a trace; with more, nobody could follow them. */
const mostArrows = 20_000

const run = {pid: 1} as const

/**
 * The run as a trace: a thread for each worker, a slice for each attempt, and an arrow from each need to the task. Boots and waits have tracks of
 * their own, because they overlap. It contains names and texts, but no logs.
 */
export function* traceEvents(report: RunReport, plan: RunDetails): Iterable<TraceEvent> {
  const startedAt = Date.parse(report.startedAt)
  const micros = (time: number) => Math.max(0, Math.round((time - startedAt) * 1000))
  yield {name: 'process_name', ph: 'M', ...run, args: {name: 'pwsh-pool'}}
  for (const worker of workersOf(report)) {
    yield {name: 'thread_name', ph: 'M', ...run, tid: worker + 1, args: {name: `worker ${worker}`}}
    yield {name: 'thread_sort_index', ph: 'M', ...run, tid: worker + 1, args: {sort_index: worker}}
  }
  for (const task of report.tasks) {
    for (const attempt of task.attempts) {
      const ts = micros(Date.parse(attempt.startedAt))
      yield {
        name: task.name,
        cat: attempt.status ?? 'running',
        ph: 'X',
        ...run,
        tid: attempt.worker + 1,
        ts,
        dur: Math.max(1, Math.round(attempt.durationMs * 1000)),
        args: argumentsOf(task, attempt)
      }
    }
  }
  yield* spans('boot', plan.boots, micros, 0)
  yield* spans('wait for a worker', plan.waits, micros, plan.boots.length)
  yield* arrows(report, plan, micros, plan.boots.length + plan.waits.length)
}

/** The text of a trace, piece by piece. */
export function* traceReport(report: RunReport, plan: RunDetails): Iterable<string> {
  let before = '{"displayTimeUnit":"ms","traceEvents":[\n'
  for (const event of traceEvents(report, plan)) {
    yield `${before}${JSON.stringify(event)}`
    before = ',\n'
  }
  yield '\n]}\n'
}

function workersOf({tasks}: RunReport): readonly number[] {
  return [...new Set(tasks.flatMap(({attempts}) => attempts.map(({worker}) => worker)))].sort((a, b) => a - b)
}

function argumentsOf(task: TaskReport, {number, status, reason, exitCode}: AttemptReport): Readonly<Record<string, unknown>> {
  const isLast = number === task.attempts.at(-1)?.number
  return {id: task.id, attempt: number, status, reason, exitCode, ...(isLast && task.error !== null ? {error: task.error} : {})}
}

function* spans(name: string, list: RunDetails['boots'], micros: (time: number) => number, firstId: number): Iterable<TraceEvent> {
  for (const [i, {worker, from, to}] of list.entries()) {
    const common = {name, cat: name, ...run, tid: worker + 1, id: firstId + i + 1}
    yield {...common, ph: 'b', ts: micros(from), args: {worker}}
    yield {...common, ph: 'e', ts: micros(to)}
  }
}

function* arrows({tasks}: RunReport, plan: RunDetails, micros: (time: number) => number, firstId: number): Iterable<TraceEvent> {
  let id = firstId
  for (const [position, task] of tasks.entries()) {
    const [first] = task.attempts
    if (first === undefined) continue
    for (const need of plan.tasks[position]?.needs ?? []) {
      const last = tasks[need]?.attempts.at(-1)
      if (last === undefined) continue
      if (id - firstId >= mostArrows) return
      id++
      const begin = micros(Date.parse(last.startedAt))
      const common = {name: 'needs', cat: 'needs', ...run, id}
      // Inside the slice, at its end.
      yield {...common, ph: 's', tid: last.worker + 1, ts: Math.max(begin, begin + Math.round(last.durationMs * 1000) - 1)}
      yield {...common, ph: 'f', bp: 'e', tid: first.worker + 1, ts: micros(Date.parse(first.startedAt))}
    }
  }
}
