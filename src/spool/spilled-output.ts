import fs from 'node:fs'
import {rm} from 'node:fs/promises'

/** The file operations, injected so that a full disk can be tested. */
export type FileWriting = Pick<typeof fs, 'openSync' | 'writeSync' | 'closeSync'>

/**
 * The output of an attempt in a file, which is created by the first write. Writes are synchronous, so that a task's pipe waits for the disk and nothing
 * piles up in memory.
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

  /** Appends the pieces. Throws file system errors; part of the pieces may have been written then. */
  add(pieces: Iterable<Uint8Array>): void {
    this.#descriptor ??= this.#writing.openSync(this.#file, 'wx', 0o600)
    for (const piece of pieces) {
      for (let written = 0; written < piece.length; ) written += this.#writing.writeSync(this.#descriptor, piece, written)
    }
  }

  /** Closes the file for writing. */
  finish(): void {
    if (this.#descriptor !== undefined) this.#writing.closeSync(this.#descriptor)
  }

  /** Removes the file; never rejects. If that fails, it goes with the folder of the run. */
  async discard(): Promise<void> {
    // Asynchronous, because removing hundreds of megabytes takes the system a while.
    if (this.#descriptor !== undefined) await rm(this.#file, {force: true}).catch(() => {})
  }
}
