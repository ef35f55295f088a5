import {lineEnd} from '../text/line-ends.ts'

/** The smallest allocation, in bytes. */
const leastRoom = 1024

/**
 * A copy of the end of a stream of bytes. It never uses more memory than it may keep. A ring, so that bytes are copied once, however few come at a time.
 */
export class LastBytes {
  readonly #limit: number
  #memory = Buffer.alloc(0)
  #used = 0
  /** Where the next byte goes; the oldest one is there once the memory is as large as the limit and full. */
  #next = 0
  #leftOut = 0

  /** `limit`: how many bytes are kept. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Appends the next bytes. */
  add(bytes: Buffer): void {
    const end = bytes.subarray(-this.#limit)
    if (this.#used + end.length > this.#memory.length && this.#memory.length < this.#limit) this.#grow(this.#used + end.length)
    const first = end.subarray(0, this.#memory.length - this.#next)
    this.#memory.set(first, this.#next)
    this.#memory.set(end.subarray(first.length))
    this.#next = this.#memory.length === 0 ? 0 : (this.#next + end.length) % this.#memory.length
    this.#leftOut += Math.max(0, this.#used + bytes.length - this.#limit)
    this.#used = Math.min(this.#used + end.length, this.#limit)
  }

  // The bytes lie from the start as long as there is less memory than the limit.
  #grow(needed: number): void {
    const memory = Buffer.allocUnsafeSlow(Math.min(this.#limit, Math.max(leastRoom, 2 * needed)))
    memory.set(this.#memory.subarray(0, this.#used))
    this.#memory = memory
    this.#next = this.#used % memory.length
  }

  /** A copy of the bytes that are kept. */
  get bytes(): Buffer {
    const isWrapped = this.#used > this.#next
    if (!isWrapped) return Buffer.from(this.#memory.subarray(0, this.#used))
    const older = this.#memory.subarray(this.#next, this.#used)
    return Buffer.concat([older, this.#memory.subarray(0, this.#next)])
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
