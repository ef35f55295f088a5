/** The least memory that is taken, in bytes. */
const leastRoom = 1024

/** The end of a stream of bytes, whatever has been in it: a copy, in memory of its own that is never larger than what is kept. */
export class LastBytes {
  readonly #limit: number
  #memory = Buffer.alloc(0)
  #used = 0
  #leftOut = 0

  /** `limit`: how many are kept. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Takes the next bytes. */
  add(bytes: Buffer): void {
    const end = bytes.subarray(-this.#limit)
    const kept = Math.min(this.#used, this.#limit - end.length)
    this.#leftOut += this.#used - kept + bytes.length - end.length
    const before = this.#memory.subarray(this.#used - kept, this.#used)
    const used = kept + end.length
    if (used > this.#memory.length) this.#memory = Buffer.allocUnsafeSlow(Math.min(this.#limit, Math.max(leastRoom, 2 * used)))
    this.#memory.set(before)
    this.#memory.set(end, kept)
    this.#used = used
  }

  /** Those that are kept. */
  get bytes(): Buffer {
    return Buffer.from(this.#memory.subarray(0, this.#used))
  }

  /** How many came before those that are kept. */
  get leftOut(): number {
    return this.#leftOut
  }

  /** The lines of it that are there as a whole. */
  get lines(): readonly string[] {
    const lines = this.bytes.toString().split(/\r\n|\n|\r/)
    return this.#leftOut > 0 ? lines.slice(1) : lines
  }
}
