import {type ByteReader, openFileReader} from './file-reader.ts'
import {KeptOutput} from './kept-output.ts'
import type {OutputMemory} from './output-memory.ts'
import {type FileWriting, SpilledOutput} from './spilled-output.ts'

/** Where bytes are kept. */
export interface BytesPlace {
  /** Absolute path of the file for what does not fit into memory; created only when needed. */
  readonly file: string
  readonly memory: OutputMemory
  /** The smallest block of memory, in bytes. */
  readonly leastBlock?: number | undefined
  readonly writing?: FileWriting | undefined
}

/** Bytes that are first written and then read, any number of times. They are in memory until there is no room, then all of them are in a file. */
export class StoredBytes {
  readonly #kept: KeptOutput
  readonly #spilled: SpilledOutput
  readonly #file: string
  #isSpilled = false

  constructor({file, memory, leastBlock, writing}: BytesPlace) {
    this.#kept = new KeptOutput(memory, leastBlock)
    this.#spilled = new SpilledOutput(file, writing)
    this.#file = file
  }

  /** Appends a copy of the bytes. Throws file system errors. */
  add(bytes: Uint8Array): void {
    if (bytes.length === 0 || (!this.#isSpilled && this.#kept.add(bytes))) return
    this.#spilled.add(this.#isSpilled ? [bytes] : [...this.#kept.chunks(), bytes])
    if (!this.#isSpilled) this.#kept.clear()
    this.#isSpilled = true
  }

  /** Ends writing. Throws file system errors. */
  finish(): void {
    this.#spilled.finish()
  }

  /** Opens a reader at the start. Rejects with file system errors. */
  async reader(): Promise<ByteReader> {
    // A copy, because a log past its deadline may still be writing when the memory is freed.
    return this.#isSpilled ? openFileReader(this.#file) : bufferReader(Buffer.concat([...this.#kept.chunks()]))
  }

  /** Frees the memory and removes the file; never rejects. */
  async discard(): Promise<void> {
    this.#kept.clear()
    await this.#spilled.discard()
  }
}

function bufferReader(bytes: Buffer): ByteReader {
  let at = 0
  return {
    async read(length) {
      const next = bytes.subarray(at, at + length)
      at += next.length
      return next
    },
    async close() {}
  }
}
