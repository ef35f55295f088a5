/** The smallest allocation, in bytes: enough for the end of nearly every line. */
const leastRoom = 1024

const nothing = Buffer.alloc(0)

/**
 * A queue of bytes in memory of its own, which is reused. A long line that waited in its chunks would keep them alive past the young generation, and
 * more than 100 MB of them would pile up.
 */
export class HeldBytes {
  #memory = nothing
  #start = 0
  #end = 0

  /** How many bytes are queued. */
  get size(): number {
    return this.#end - this.#start
  }

  /** Appends a copy of the bytes, which must not come from this queue. */
  add(bytes: Uint8Array): void {
    const waiting = this.peek()
    const size = waiting.length + bytes.length
    if (size > this.#memory.length) this.#memory = Buffer.allocUnsafeSlow(Math.max(leastRoom, 2 * size))
    this.#memory.set(waiting)
    this.#memory.set(bytes, waiting.length)
    this.#start = 0
    this.#end = size
  }

  /** All queued bytes. The next `add` may overwrite them. */
  peek(): Buffer {
    return this.#memory.subarray(this.#start, this.#end)
  }

  /** Removes and returns the first bytes, at most `length`. The next `add` may overwrite them. */
  take(length = this.size): Buffer {
    const taken = this.peek().subarray(0, length)
    this.#start += taken.length
    return taken
  }
}
