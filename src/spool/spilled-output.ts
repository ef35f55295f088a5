import fs from 'node:fs'
import {rm} from 'node:fs/promises'

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

  /** `file`: absolute. */
  constructor(file: string, writing: FileWriting = fs) {
    this.#file = file
    this.#writing = writing
  }

  /** Puts these behind the others. Where it throws what the file system throws, a part of them may be there as well. */
  add(pieces: Iterable<Uint8Array>): void {
    this.#descriptor ??= this.#writing.openSync(this.#file, 'wx', 0o600)
    for (const piece of pieces) {
      for (let written = 0; written < piece.length; ) written += this.#writing.writeSync(this.#descriptor, piece, written)
    }
  }

  /** No more will come. */
  finish(): void {
    if (this.#descriptor !== undefined) this.#writing.closeSync(this.#descriptor)
  }

  /** Removes the file. What cannot be removed stays until the folder of the run goes; never rejects. */
  async discard(): Promise<void> {
    // Not synchronous: for hundreds of megabytes it takes the system a while.
    if (this.#descriptor !== undefined) await rm(this.#file, {force: true}).catch(() => {})
  }
}
