import {lineEnd} from '../text/line-ends.ts'

/** The smallest allocation, in bytes. */
const leastRoom = 1024

/** A copy of the end of a stream of bytes. It never uses more memory than it may keep. */
export class LastBytes {
  readonly #limit: number
  #memory = Buffer.alloc(0)
  #used = 0
  #leftOut = 0

  /** `limit`: how many bytes are kept. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Appends the next bytes. */
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

  /** A copy of the bytes that are kept. */
  get bytes(): Buffer {
    return Buffer.from(this.#memory.subarray(0, this.#used))
  }

  /** How many bytes came before those that are kept. */
  get leftOut(): number {
    return this.#leftOut
  }

  /** The lines that are kept whole. */
  get lines(): readonly string[] {
    const lines = this.bytes.toString().split(lineEnd)
    return this.#leftOut > 0 ? lines.slice(1) : lines
  }
}
