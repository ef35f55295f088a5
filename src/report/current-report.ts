import type {Attempt, EventReader, PoolEvent, RunOrigin, TaskRecord} from '../model/event.ts'
import type {Task} from '../model/task.ts'
import {unwritten, writeWithFolders} from '../system/write-file.ts'
import {type Mask, maskedRun} from './masked-run.ts'
import {type RunningAttempt, renderCurrentReport} from './run-report.ts'

/** Shortest pause between two writes: `leastMs` in milliseconds, `times` as a multiple of the duration of the last write. */
const pauses = {leastMs: 1000, times: 20} as const

/**
 * Keeps the JSON report in `file` (absolute; nothing for `undefined`) up to date during the run, so that a killed run leaves what it knew. `origin`:
 * that of the run. The final report is written with the others; only a failure of that write is reported.
 */
export function currentReport(file: string | undefined, mask: Mask, origin?: RunOrigin): readonly EventReader[] {
  if (file === undefined) return []
  let run: CurrentRun | undefined
  let timer: NodeJS.Timeout | undefined
  let pauseMs = 0
  const write = () => {
    timer = undefined
    const startedAt = performance.now()
    if (run !== undefined) unwritten('', () => writeWithFolders(file, (run as CurrentRun).render(mask, origin)))
    pauseMs = Math.max(pauses.leastMs, pauses.times * (performance.now() - startedAt))
  }
  return [
    event => {
      if (event.type === 'run-started') {
        run = new CurrentRun(event)
        write()
      } else if (event.type === 'run-ended') {
        clearTimeout(timer)
        run = undefined
      } else if (run?.apply(event) === true) {
        timer ??= setTimeout(write, pauseMs).unref()
      }
    }
  ]
}

/** The state of a run in progress. */
class CurrentRun {
  readonly #start: Extract<PoolEvent, {type: 'run-started'}>
  readonly #startedAt = Date.now()
  readonly #records = new Map<Task, TaskRecord>()
  readonly #attempts = new Map<Task, Attempt[]>()
  readonly #running = new Map<Task, RunningAttempt>()

  constructor(start: Extract<PoolEvent, {type: 'run-started'}>) {
    this.#start = start
  }

  /** Applies an event; returns whether the report has changed. */
  apply(event: PoolEvent): boolean {
    switch (event.type) {
      case 'attempt-started':
        this.#running.set(event.task, event)
        return true
      case 'attempt-ended':
        this.#running.delete(event.task)
        this.#attempts.set(event.task, [...(this.#attempts.get(event.task) ?? []), event.attempt])
        return true
      case 'task-ended':
        this.#records.set(event.record.task, event.record)
        this.#attempts.delete(event.record.task)
        return true
      default:
        return false
    }
  }

  render(mask: Mask, origin: RunOrigin | undefined): string {
    const {plan, tasks, powershells, maxParallel} = this.#start
    const open = tasks.filter(task => !this.#records.has(task))
    const records = tasks.map(task => this.#records.get(task) ?? notEnded(task, this.#attempts.get(task) ?? []))
    const record = {
      plan,
      powershells,
      maxParallel,
      startedAt: this.#startedAt,
      endedAt: Date.now(),
      cancelled: false,
      limit: undefined,
      tasks: records
    }
    return renderCurrentReport(
      maskedRun({record, tails: new Map(), origin}, mask),
      new Map(open.map(task => [task.index, this.#running.get(task)]))
    )
  }
}

// The verdict is a placeholder that no report shows.
const notEnded = (task: Task, attempts: readonly Attempt[]): TaskRecord => ({
  task,
  attempts,
  verdict: {status: 'skipped', reason: 'no-need-failed'}
})
