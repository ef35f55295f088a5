/** How much output all attempts of a run may keep in memory together, in bytes, including finished ones that are still being read. */
const runShare = 32 * 1024 * 1024

/** The memory budget for the output of a run, which holds however many finished attempts a slow reader has still to read. */
export class OutputMemory {
  readonly #limit: number
  #taken = 0

  constructor(limit = runShare) {
    this.#limit = limit
  }

  /** Reserves bytes. Returns `false`, and reserves nothing, if fewer are left. */
  take(bytes: number): boolean {
    if (this.#taken + bytes > this.#limit) return false
    this.#taken += bytes
    return true
  }

  /** Returns reserved bytes to the budget. */
  giveBack(bytes: number): void {
    this.#taken -= bytes
  }
}
