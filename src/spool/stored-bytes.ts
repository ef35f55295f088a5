import {type ByteReader, openFileReader} from './file-reader.ts'
import {KeptOutput} from './kept-output.ts'
import type {OutputMemory} from './output-memory.ts'
import {type FileWriting, SpilledOutput} from './spilled-output.ts'

/** Where bytes are kept. */
export interface BytesPlace {
  /** Absolute path of the file for what does not fit into memory; made only when needed. */
  readonly file: string
  readonly memory: OutputMemory
  /** The least memory that is taken at once, in bytes. */
  readonly leastBlock?: number | undefined
  readonly writing?: FileWriting | undefined
}

/** Bytes that are written first and read afterwards, by as many as want to: in memory while there is room, then in a file with all before. */
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

  /** Copies these behind the others: all of them, unless it throws what the file system throws. */
  add(bytes: Uint8Array): void {
    if (bytes.length === 0 || (!this.#isSpilled && this.#kept.add(bytes))) return
    this.#spilled.add(this.#isSpilled ? [bytes] : [...this.#kept.chunks(), bytes])
    if (!this.#isSpilled) this.#kept.clear()
    this.#isSpilled = true
  }

  /** No more will come. Throws what the file system throws. */
  finish(): void {
    this.#spilled.finish()
  }

  /** Reads them from the start. Rejects with what the file system throws. */
  async reader(): Promise<ByteReader> {
    // A copy: a log in a hurry may still be writing it when all this is discarded, and its memory with it.
    return this.#isSpilled ? openFileReader(this.#file) : bufferReader(Buffer.concat([...this.#kept.chunks()]))
  }

  /** Frees them; they cannot be read afterwards. Never rejects. */
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
