import type {PoolEvent, TaskRecord} from '../model/event.ts'
import type {Task} from '../model/task.ts'
import {isAllowed, isFailed, taskMs} from '../report/totals.ts'

/** A task that runs. */
export interface RunningTask {
  readonly task: Task
  /** In milliseconds since the epoch. */
  readonly startedAt: number
  /** The last line that it printed which is not blank; empty before there is one. */
  readonly lastLine: string
  /** Whether it is being ended. */
  readonly isEnding: boolean
}

/** How far a run is. */
export interface Progress {
  /** All tasks of the run. */
  readonly total: number
  /** In milliseconds since the epoch. */
  readonly startedAt: number
  /** In the order in which they started. */
  readonly running: readonly RunningTask[]
  /** Those that have a verdict; the others are counted in it too. */
  readonly done: number
  /** Those that fail the run. */
  readonly failed: number
  readonly skipped: number
  /** Those that ran to their end, whatever that was. */
  readonly ran: number
  /** Whether a signal has come. */
  readonly isInterrupted: boolean
  /** What a task that ran to its end took on average, in milliseconds; `undefined` before there is one. */
  readonly meanTaskMs: number | undefined
}

/** Keeps count of a run as it goes on. */
export class RunProgress implements Progress {
  total = 0
  startedAt = 0
  done = 0
  failed = 0
  skipped = 0
  ran = 0
  isInterrupted = false
  readonly #running = new Map<Task, RunningTask>()
  /** The last lines of tasks of which it has not been told yet that they run. */
  readonly #linesBeforeStart = new Map<Task, string>()
  #ranMs = 0

  get running(): readonly RunningTask[] {
    return [...this.#running.values()]
  }

  get meanTaskMs(): number | undefined {
    return this.ran === 0 ? undefined : this.#ranMs / this.ran
  }

  /** Takes in what the pool tells. `now`: milliseconds since the epoch. */
  apply(event: PoolEvent, now: number): void {
    switch (event.type) {
      case 'run-started':
        this.total = event.tasks.length
        this.startedAt = now
        return
      case 'attempt-started': {
        const {task, startedAt} = event
        this.#running.set(task, {task, startedAt, lastLine: this.#linesBeforeStart.get(task) ?? '', isEnding: false})
        this.#linesBeforeStart.delete(task)
        return
      }
      case 'attempt-ending':
        this.isInterrupted ||= event.end.reason === 'cancelled'
        this.#change(event.task, {isEnding: true})
        return
      case 'attempt-ended':
        this.#running.delete(event.task)
        return
      case 'task-ended':
        this.#count(event.record)
        return
      case 'attempt-waiting':
      case 'worker-booted':
      case 'worker-started':
      case 'worker-ready':
      case 'worker-lost':
      case 'worker-retired':
      case 'signal-sent':
      case 'process-not-ended':
      case 'processes-unlisted':
      case 'left-output':
      case 'still-ending':
      case 'run-ended':
        return
    }
  }

  /** Takes in lines that a running task has printed, each with `\n` at its end. */
  recordLines(task: Task, lines: string): void {
    const lastLine = lastOf(lines)
    if (lastLine === '') return
    if (this.#running.has(task)) this.#change(task, {lastLine})
    else this.#linesBeforeStart.set(task, lastLine)
  }

  #change(task: Task, change: Partial<RunningTask>): void {
    const running = this.#running.get(task)
    if (running !== undefined) this.#running.set(task, {...running, ...change})
  }

  #count(record: TaskRecord): void {
    this.done++
    const {verdict} = record
    if (isFailed(verdict) && !isAllowed(record)) this.failed++
    if (verdict.status === 'skipped') this.skipped++
    this.isInterrupted ||= verdict.reason === 'cancelled'
    if (verdict.status === 'skipped' || verdict.status === 'cancelled') return
    this.ran++
    this.#ranMs += taskMs(record)
  }
}

/** The longest line that is kept, in UTF-16 units: no terminal is wider. */
const longestKept = 1024

function lastOf(lines: string): string {
  for (let end = lines.length; end > 0; ) {
    const start = lines.lastIndexOf('\n', end - 1) + 1
    const line = lines.slice(start, Math.min(end, start + longestKept)).trim()
    if (line !== '') return line
    end = start - 1
  }
  return ''
}

/**
 * How much longer the run will take, in milliseconds: while tasks wait, if they go on ending as fast as they have so far; afterwards, if those
 * that run take as long as others did on average. `undefined` while fewer have ended than run: the first to end are the short ones.
 */
export function expectedMs({total, done, ran, startedAt, running, meanTaskMs}: Progress, now: number): number | undefined {
  if (meanTaskMs === undefined || ran < running.length || done === total) return undefined
  const rests = running.map(task => Math.max(0, meanTaskMs - (now - task.startedAt)))
  const isWaiting = total - done > running.length
  return isWaiting ? ((now - startedAt) / ran) * (total - done) : Math.max(...rests)
}
