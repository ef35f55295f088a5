/** What all attempts of a run together keep in memory of what they printed, in bytes, those included that are over and still read. */
export const runShare = 32 * 1024 * 1024

/** Counts the memory in which the attempts of a run keep what they print: however many are waited for by a slow reader, it is bounded. */
export class OutputMemory {
  readonly #limit: number
  #taken = 0

  constructor(limit = runShare) {
    this.#limit = limit
  }

  /** Takes so many bytes if there are as many left; tells whether it has. */
  take(bytes: number): boolean {
    if (this.#taken + bytes > this.#limit) return false
    this.#taken += bytes
    return true
  }

  /** These are not used any more. */
  giveBack(bytes: number): void {
    this.#taken -= bytes
  }
}
