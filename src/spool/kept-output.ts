import {freeBytes} from './free-bytes.ts'
import type {OutputMemory} from './output-memory.ts'

/** What one attempt may keep in memory, in bytes. */
export const memoryShare = 256 * 1024

/** The least that is taken at once, in bytes: most tasks print little. */
const leastBlockOfLines = 1024

/**
 * What an attempt has printed, as long as it fits into its share and into what its run has left. It lies in blocks: PowerShell writes line by line, and a
 * buffer for each line would be several times as large as what is in it.
 */
export class KeptOutput {
  readonly #memory: OutputMemory
  readonly #leastBlock: number
  readonly #blocks: Buffer[] = []
  /** How much of the last block is free. */
  #room = 0
  /** Of all blocks. */
  #capacity = 0

  constructor(memory: OutputMemory, leastBlock = leastBlockOfLines) {
    this.#memory = memory
    this.#leastBlock = leastBlock
  }

  /** Copies bytes behind the others, all or none of them. Tells whether there was room. */
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

  /** All of them, in order. */
  *chunks(): Iterable<Buffer> {
    const last = this.#blocks.length - 1
    for (const [i, block] of this.#blocks.entries()) yield i < last ? block : block.subarray(0, block.length - this.#room)
  }

  /** Frees them. */
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

  // As large as all before: few blocks for much, and never much more than is needed.
  #newBlock(least: number): Buffer | undefined {
    const size = Math.min(Math.max(least, this.#capacity, this.#leastBlock), memoryShare - this.#capacity)
    if (size < least || !this.#memory.take(size)) return undefined
    this.#capacity += size
    return Buffer.allocUnsafeSlow(size)
  }
}
