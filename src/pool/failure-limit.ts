import type {Verdict} from '../model/event.ts'
import type {MaxFailures} from '../model/settings.ts'
import type {Task} from '../model/task.ts'
import {isAllowedFailure, isFailed} from '../model/verdict.ts'

/** Fewest ended tasks for which a percentage is meaningful. */
const leastEnded = 10

/** The failures that trigger `fail-fast`. */
export interface EnoughFailures {
  /** The last task that failed. */
  readonly cause: Task
  /** Number of failed tasks, from 1. */
  readonly failed: number
}

/** Counts tasks that failed after all attempts and are not allowed to fail, until `max-failures` is reached. */
export class FailureLimit {
  readonly #limit: MaxFailures
  readonly #tasks: number
  #ended = 0
  #failed = 0
  #cause: Task | undefined

  /** `tasks`: number of tasks in the run. */
  constructor(limit: MaxFailures, tasks: number) {
    this.#limit = limit
    this.#tasks = tasks
  }

  /** Counts the verdict of a task; a skipped task does not count as ended. */
  note(task: Task, verdict: Verdict): void {
    if (verdict.status === 'skipped') return
    this.#ended++
    if (!isFailed(verdict) || isAllowedFailure(task, verdict)) return
    this.#failed++
    this.#cause = task
  }

  /** The failures, once `max-failures` is reached. */
  get enough(): EnoughFailures | undefined {
    return this.#cause !== undefined && this.#isReached() ? {cause: this.#cause, failed: this.#failed} : undefined
  }

  #isReached(): boolean {
    if (this.#limit.kind === 'count') return this.#failed >= this.#limit.count
    // Compares hundredths of a percent, which are whole numbers: 0.07 * 100 is more than 7.
    return this.#ended >= leastEnded && this.#failed * 10_000 >= Math.round(this.#limit.percent * 100) * this.#tasks
  }
}
