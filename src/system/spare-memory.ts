/** Smallest allocation, in bytes: enough for most writes, so that it can be reused. */
const leastRoom = 256 * 1024

/** A reusable buffer: allocating costs much more than copying, and garbage piles up until it is collected. */
export class SpareMemory {
  readonly #spares: ArrayBufferLike[] = []

  /** Takes `size` uninitialized bytes until `giveBack`. */
  take(size: number): Buffer {
    const at = this.#spares.findIndex(({byteLength}) => byteLength >= size)
    const [spare = new ArrayBuffer(Math.max(size, leastRoom))] = at < 0 ? [] : this.#spares.splice(at, 1)
    return Buffer.from(spare, 0, size)
  }

  /** Returns bytes that nobody uses any more. */
  giveBack({buffer}: Buffer): void {
    this.#spares.push(buffer)
  }
}
