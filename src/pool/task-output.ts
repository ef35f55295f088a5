import {closeSync, openSync, writeSync} from 'node:fs'
import {rm} from 'node:fs/promises'
import type {RecordedOutput} from '../event.ts'
import {HeldBytes} from '../held-bytes.ts'
import {fileChunks} from './file-chunks.ts'

/** Which of the two pipes. */
export type OutputStream = 'stdout' | 'stderr'

/** What an attempt prints, from its first bytes to its end. */
export interface AttemptOutput extends RecordedOutput {
  /** Takes the next bytes of a stream, which are lent until it returns. */
  append(stream: OutputStream, chunk: Buffer): void
  /** No more will come: what has no line end is part of the record as well. */
  finish(): void
  /** Somebody has looked at all that was appended, and it has no sign of a command. */
  markWithoutCommandSigns(): void
  /** Frees what the record holds; it cannot be read afterwards. What cannot be removed stays until the folder of the run goes; never rejects. */
  discard(): Promise<void>
}

/** What one attempt may keep in memory, in bytes; past it all goes to a file. */
export const memoryShare = 256 * 1024

/** The longest piece of one line that waits for its end while the other stream goes on, in bytes. */
export const longestPendingLine = 64 * 1024

const newline = 0x0a

/**
 * Records the two streams of an attempt as one: whole lines in the order in which they were completed, so that a line of one stream never
 * stands inside a line of the other. Memory is bounded by `memoryShare` whatever is printed.
 */
export class TaskOutput implements AttemptOutput {
  readonly #file: string
  readonly #safeEnd: (bytes: Buffer) => number
  readonly #pending: Record<OutputStream, HeldBytes> = {stdout: new HeldBytes(), stderr: new HeldBytes()}
  #kept: Buffer[] = []
  #descriptor: number | undefined
  #size = 0
  #unendedLine: OutputStream | undefined
  #lostBecause: string | undefined
  #hasCommandSigns = true

  /**
   * `file`: absolute path of the file for what does not fit into memory; made only when needed. `safeEnd`: the end of the part of a line that
   * may stand apart from the rest, in bytes; 0 for none of it.
   */
  constructor(file: string, safeEnd: (bytes: Buffer) => number = bytes => bytes.length) {
    this.#file = file
    this.#safeEnd = safeEnd
  }

  get size(): number {
    return this.#size
  }

  get hasCommandSigns(): boolean {
    return this.#hasCommandSigns
  }

  markWithoutCommandSigns(): void {
    // What is said instead of what could not be kept is not known to them.
    this.#hasCommandSigns = this.#lostBecause !== undefined
  }

  append(stream: OutputStream, chunk: Buffer): void {
    const pending = this.#pending[stream]
    const end = chunk.lastIndexOf(newline) + 1
    if (end > 0) this.#writeLines(stream, [pending.take(), chunk.subarray(0, end)])
    if (end < chunk.length) pending.add(chunk.subarray(end))
    if (pending.size > longestPendingLine) this.#writeStart(stream)
  }

  finish(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const pending = this.#pending[stream]
      if (pending.size > 0) this.#writeLines(stream, [pending.take()])
    }
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    if (this.#lostBecause !== undefined)
      this.#kept.push(Buffer.from(`\n[pwsh-pool: the rest of the output could not be kept: ${this.#lostBecause}]\n`))
  }

  async *chunks(): AsyncIterable<Uint8Array> {
    if (this.#descriptor !== undefined) yield* fileChunks(this.#file)
    yield* this.#kept
  }

  async discard(): Promise<void> {
    this.#kept = []
    // Not synchronous: for hundreds of megabytes it takes the system a while.
    if (this.#descriptor !== undefined) await rm(this.#file, {force: true}).catch(() => {})
  }

  // What comes next may be of the other stream, and then a line end stands here.
  #writeStart(stream: OutputStream): void {
    const pending = this.#pending[stream]
    const end = this.#safeEnd(pending.peek())
    if (end > 0) this.#writeLines(stream, [pending.take(end)])
  }

  #writeLines(stream: OutputStream, pieces: readonly Buffer[]): void {
    if (this.#unendedLine !== undefined && this.#unendedLine !== stream) this.#write(Buffer.of(newline))
    for (const piece of pieces) this.#write(piece)
    this.#unendedLine = pieces.at(-1)?.at(-1) === newline ? undefined : stream
  }

  #write(piece: Buffer): void {
    if (piece.length === 0 || this.#lostBecause !== undefined) return
    this.#size += piece.length
    if (this.#descriptor === undefined && this.#size <= memoryShare) {
      this.#kept.push(Buffer.from(piece))
      return
    }
    try {
      this.#descriptor ??= openSync(this.#file, 'wx', 0o600)
      // Synchronous on purpose: the task's pipe then waits for the disk, and nothing piles up in memory.
      for (const kept of [...this.#kept, piece]) writeWhole(this.#descriptor, kept)
    } catch (error) {
      this.#lostBecause = (error as Error).message
    }
    this.#kept = []
  }
}

function writeWhole(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written)
}
