/** The least memory that is taken, in bytes: the end of a line that is short, as nearly all are. */
const leastRoom = 1024

const nothing = Buffer.alloc(0)

/**
 * Bytes that wait for more to come. They are copied into memory of its own, which is used again: what waits outlives the small collections, and
 * a long line that waits in its chunks leaves more than 100 MB of them behind.
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

  /** All that wait, in order; the next `add` writes over them. */
  peek(): Buffer {
    return this.#memory.subarray(this.#start, this.#end)
  }

  /** The first of them, all if there are fewer than `length`, which wait no more; the next `add` writes over them. */
  take(length = this.size): Buffer {
    const taken = this.peek().subarray(0, length)
    this.#start += taken.length
    return taken
  }
}
