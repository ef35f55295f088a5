/** The least that is taken, in bytes: room for what is written at once in most cases, so that the same can be used again. */
const leastRoom = 256 * 1024

/** Memory to write into that is used again and again: new memory costs much more than to copy into it, and piles up until it is collected. */
export class SpareMemory {
  readonly #spares: ArrayBufferLike[] = []

  /** `size` bytes, whatever is in them, until they are given back. */
  take(size: number): Buffer {
    const at = this.#spares.findIndex(({byteLength}) => byteLength >= size)
    const [spare = new ArrayBuffer(Math.max(size, leastRoom))] = at < 0 ? [] : this.#spares.splice(at, 1)
    return Buffer.from(spare, 0, size)
  }

  /** Takes back what was taken, and is used by nobody any more. */
  giveBack({buffer}: Buffer): void {
    this.#spares.push(buffer)
  }
}
