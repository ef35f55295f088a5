import type {Verdict} from '../model/event.ts'
import type {MaxFailures} from '../model/settings.ts'
import type {Task} from '../model/task.ts'
import {isAllowedFailure, isFailed} from '../model/verdict.ts'

/** How many tasks have to have ended before a share of them says something. */
const leastEnded = 10

/** Failures that are enough for `fail-fast`. */
export interface EnoughFailures {
  /** The last task that failed. */
  readonly cause: Task
  /** How many have failed, from 1. */
  readonly failed: number
}

/** Counts the tasks of a run that have failed for good and may not, until they are as many as `max-failures` says. */
export class FailureLimit {
  readonly #limit: MaxFailures
  readonly #tasks: number
  #ended = 0
  #failed = 0
  #cause: Task | undefined

  /** `tasks`: how many the run has. */
  constructor(limit: MaxFailures, tasks: number) {
    this.#limit = limit
    this.#tasks = tasks
  }

  /** Notes the verdict of a task; a skipped one has not ended. */
  note(task: Task, verdict: Verdict): void {
    if (verdict.status === 'skipped') return
    this.#ended++
    if (!isFailed(verdict) || isAllowedFailure(task, verdict)) return
    this.#failed++
    this.#cause = task
  }

  /** The failures, once there are as many as `fail-fast` waits for. */
  get enough(): EnoughFailures | undefined {
    return this.#cause !== undefined && this.#isReached() ? {cause: this.#cause, failed: this.#failed} : undefined
  }

  #isReached(): boolean {
    if (this.#limit.kind === 'count') return this.#failed >= this.#limit.count
    // In hundredths of a percent, which are whole numbers: 0.07 * 100 is more than 7.
    return this.#ended >= leastEnded && this.#failed * 10_000 >= Math.round(this.#limit.percent * 100) * this.#tasks
  }
}
