/** The least memory that is taken, in bytes: the end of a line that is short, as nearly all are. */
const leastRoom = 1024

const nothing = Buffer.alloc(0)

/**
 * Bytes that wait for more to come, in memory that is used again: else much output with long lines leaves copies behind faster than they are
 * collected.
 */
export class HeldBytes {
  #memory = nothing
  #start = 0
  #end = 0

  /** How many wait. */
  get size(): number {
    return this.#end - this.#start
  }

  /** Copies bytes, none of which were taken from here, behind those that wait. */
  add(bytes: Uint8Array): void {
    const waiting = this.peek()
    const size = waiting.length + bytes.length
    if (size > this.#memory.length) this.#memory = Buffer.allocUnsafeSlow(Math.max(leastRoom, 2 * size))
    this.#memory.set(waiting)
    this.#memory.set(bytes, waiting.length)
    this.#start = 0
    this.#end = size
  }

  /** All that wait, in order; lent until more are added. */
  peek(): Buffer {
    return this.#memory.subarray(this.#start, this.#end)
  }

  /** The first of them, all if there are fewer than `length`, which wait no more; lent until more are added. */
  take(length = this.size): Buffer {
    const taken = this.peek().subarray(0, length)
    this.#start += taken.length
    return taken
  }
}
