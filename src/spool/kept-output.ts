import {freeBytes} from './free-bytes.ts'
import type {OutputMemory} from './output-memory.ts'

/** How much of its output one attempt may keep in memory, in bytes. */
export const memoryShare = 256 * 1024

/** The smallest block, in bytes: most tasks print little. */
const leastBlockOfLines = 1024

/**
 * The output of an attempt in memory, up to `memoryShare` and to what the run has left. It is kept in blocks: PowerShell writes line by line, and a buffer
 * for each line would take several times its length.
 */
export class KeptOutput {
  readonly #memory: OutputMemory
  readonly #leastBlock: number
  readonly #blocks: Buffer[] = []
  /** Free bytes in the last block. */
  #room = 0
  /** Size of all blocks, in bytes. */
  #capacity = 0

  constructor(memory: OutputMemory, leastBlock = leastBlockOfLines) {
    this.#memory = memory
    this.#leastBlock = leastBlock
  }

  /** Appends a copy of the bytes. Returns `false`, and appends nothing, if there is no room. */
  add(bytes: Uint8Array): boolean {
    const missing = bytes.length - this.#room
    if (missing <= 0) {
      this.#fill(bytes)
      return true
    }
    const block = this.#newBlock(missing)
    if (block === undefined) return false
    this.#fill(bytes.subarray(0, this.#room))
    this.#blocks.push(block)
    this.#room = block.length
    this.#fill(bytes.subarray(-missing))
    return true
  }

  /** All bytes, in order. */
  *chunks(): Iterable<Buffer> {
    const last = this.#blocks.length - 1
    for (const [i, block] of this.#blocks.entries()) yield i < last ? block : block.subarray(0, block.length - this.#room)
  }

  /** Frees the memory. */
  clear(): void {
    for (const block of this.#blocks.splice(0)) freeBytes(block)
    this.#memory.giveBack(this.#capacity)
    this.#room = this.#capacity = 0
  }

  #fill(bytes: Uint8Array): void {
    const last = this.#blocks.at(-1)
    last?.set(bytes, last.length - this.#room)
    this.#room -= bytes.length
  }

  // Each block doubles the capacity, so there are few blocks and little unused memory.
  #newBlock(least: number): Buffer | undefined {
    const size = Math.min(Math.max(least, this.#capacity, this.#leastBlock), memoryShare - this.#capacity)
    if (size < least || !this.#memory.take(size)) return undefined
    this.#capacity += size
    return Buffer.allocUnsafeSlow(size)
  }
}
