import type {ProcessEnd} from '../model/process-end.ts'
import type {TaskWorker} from '../worker/task-worker.ts'

/** Number of failed starts in a row that stops the run. */
export const maxStartFailures = 3

/**
 * Counts workers that ended before their task began. A single one may be chance, so its task gets another worker. Several in a row, with no task
 * begun in between, mean that PowerShell does not start.
 */
export class StartFailures {
  #inRow = 0

  /** Failed starts since a task last began. */
  get inRow(): number {
    return this.#inRow
  }

  /** Call when a task has begun. */
  reset(): void {
    this.#inRow = 0
  }

  /** Counts a failed start; returns whether to try another worker. */
  add(): boolean {
    this.#inRow++
    return this.#inRow < maxStartFailures
  }
}

/** The message for several failed starts in a row. */
export function startFailureMessage(
  {bootOutput}: Pick<TaskWorker, 'bootOutput'>,
  end: ProcessEnd,
  isInSetup: boolean,
  failedStarts: number
): string {
  const how = end.reason === 'exited' ? `exit code ${end.exitCode}` : end.reason === 'killed' ? end.signal : end.message
  const when = isInSetup ? 'while modules and setup ran' : 'before the task began'
  return [`PowerShell ended ${failedStarts} times in a row ${when} (${how})`, bootOutput].filter(part => part !== '').join(': ')
}
