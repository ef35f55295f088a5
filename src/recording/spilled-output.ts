import fs from 'node:fs'
import {rm} from 'node:fs/promises'
import {fileChunks} from './file-chunks.ts'

/** The few things that write a file, injected so that a full disk can be tested. */
export type FileWriting = Pick<typeof fs, 'openSync' | 'writeSync' | 'closeSync'>

/**
 * What an attempt has printed that does not stay in memory: in a file that is made for the first of it. Synchronous on purpose: the task's pipe waits for
 * the disk, and nothing piles up in memory.
 */
export class SpilledOutput {
  readonly #file: string
  readonly #writing: FileWriting
  #descriptor: number | undefined
  #size = 0

  /** `file`: absolute. */
  constructor(file: string, writing: FileWriting = fs) {
    this.#file = file
    this.#writing = writing
  }

  /** How many bytes are in it. */
  get size(): number {
    return this.#size
  }

  /** Puts these behind the others: all, or, where it throws what the file system throws, none of them. */
  add(pieces: Iterable<Buffer>): void {
    this.#descriptor ??= this.#writing.openSync(this.#file, 'wx', 0o600)
    let size = this.#size
    for (const piece of pieces) {
      for (let written = 0; written < piece.length; ) written += this.#writing.writeSync(this.#descriptor, piece, written)
      size += piece.length
    }
    this.#size = size
  }

  /** No more will come. */
  finish(): void {
    if (this.#descriptor !== undefined) this.#writing.closeSync(this.#descriptor)
  }

  /** All of them, in order. Rejects with what the file system throws. */
  async *chunks(): AsyncIterable<Buffer> {
    let left = this.#size
    if (left === 0) return
    // There may be more in the file: the half of what did not fit onto the disk.
    for await (const chunk of fileChunks(this.#file)) {
      yield chunk.subarray(0, left)
      left -= Math.min(left, chunk.length)
      if (left === 0) return
    }
  }

  /** Removes the file. What cannot be removed stays until the folder of the run goes; never rejects. */
  async discard(): Promise<void> {
    // Not synchronous: for hundreds of megabytes it takes the system a while.
    if (this.#descriptor !== undefined) await rm(this.#file, {force: true}).catch(() => {})
  }
}
