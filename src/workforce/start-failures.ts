/** How many workers in a row may be lost before a task began, until the run ends with their cause. */
export const maxStartFailures = 3

/**
 * Counts the workers of a run that ended before their task began. One such may be chance, and its task runs on another worker; several in a row
 * without any task that began mean that no worker can be had.
 */
export class StartFailures {
  #inRow = 0

  /** How many were lost since a task began. */
  get inRow(): number {
    return this.#inRow
  }

  /** A task has begun. */
  reset(): void {
    this.#inRow = 0
  }

  /** A worker was lost. Tells whether another one is worth a try. */
  add(): boolean {
    this.#inRow++
    return this.#inRow < maxStartFailures
  }
}
