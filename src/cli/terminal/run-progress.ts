import type {PoolEvent, TaskRecord} from '../../model/event.ts'
import type {Task} from '../../model/task.ts'
import {isAllowed, isDone, isFailed, taskMs} from '../../report/totals.ts'

/** A running task. */
export interface RunningTask {
  readonly task: Task
  /** In milliseconds since the epoch. */
  readonly startedAt: number
  /** Its last line that is not blank; empty if there is none yet. */
  readonly lastLine: string
  /** `true` once it is slow. */
  readonly isSlow: boolean
  /** `true` while it is being ended. */
  readonly isEnding: boolean
}

/** The progress of a run. */
export interface Progress {
  /** All tasks of the run. */
  readonly total: number
  /** In milliseconds since the epoch. */
  readonly startedAt: number
  /** In order of their start. */
  readonly running: readonly RunningTask[]
  /** Number of tasks with a verdict; includes `failed` and `ran`. */
  readonly done: number
  /** Number of tasks that fail the run. */
  readonly failed: number
  readonly skipped: number
  /** Number of tasks that ran to their end, with any result. */
  readonly ran: number
  /** `true` after a signal. */
  readonly isInterrupted: boolean
  /** Mean time of tasks that ran to their end, in milliseconds; `undefined` before the first. */
  readonly meanTaskMs: number | undefined
}

/** Tracks the progress of a run. */
export class RunProgress implements Progress {
  total = 0
  startedAt = 0
  done = 0
  failed = 0
  skipped = 0
  ran = 0
  isInterrupted = false
  readonly #running = new Map<Task, RunningTask>()
  /** Last lines of tasks whose `attempt-started` has not arrived yet. */
  readonly #linesBeforeStart = new Map<Task, string>()
  #ranMs = 0

  get running(): readonly RunningTask[] {
    return [...this.#running.values()]
  }

  get meanTaskMs(): number | undefined {
    return this.ran === 0 ? undefined : this.#ranMs / this.ran
  }

  /** Applies an event. `now`: milliseconds since the epoch. */
  apply(event: PoolEvent, now: number): void {
    switch (event.type) {
      case 'run-started':
        this.total = event.tasks.length
        this.startedAt = now
        return
      case 'attempt-started': {
        const {task, startedAt} = event
        this.#running.set(task, {task, startedAt, lastLine: this.#linesBeforeStart.get(task) ?? '', isSlow: false, isEnding: false})
        this.#linesBeforeStart.delete(task)
        return
      }
      case 'task-slow':
        this.#change(event.task, {isSlow: true})
        return
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

  /** Records lines of a running task, each ending with `\n`. */
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
    if (verdict.status === 'kept' || !isDone(record)) return
    this.ran++
    this.#ranMs += taskMs(record)
  }
}

/** Longest line kept, in UTF-16 units: wider than any terminal. */
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
 * Estimated time left, in milliseconds: from the rate of endings while tasks are waiting to start, afterwards from the mean duration of a task.
 * `undefined` while fewer tasks have ended than are running, because the short ones end first.
 */
export function expectedMs({total, done, ran, startedAt, running, meanTaskMs}: Progress, now: number): number | undefined {
  if (meanTaskMs === undefined || ran < running.length || done === total) return undefined
  const rests = running.map(task => Math.max(0, meanTaskMs - (now - task.startedAt)))
  const isWaiting = total - done > running.length
  return isWaiting ? ((now - startedAt) / ran) * (total - done) : Math.max(...rests)
}
