import type {RecordedOutput} from '../model/event.ts'
import {isSystemError} from '../text/bug.ts'
import {HeldBytes} from './held-bytes.ts'
import {KeptOutput} from './kept-output.ts'
import {OutputMemory} from './output-memory.ts'
import {type FileWriting, SpilledOutput} from './spilled-output.ts'

/** Which of the two pipes. */
export type OutputStream = 'stdout' | 'stderr'

/** What an attempt prints, from its first bytes to its end. */
export interface AttemptOutput extends RecordedOutput {
  /** Takes the next chunk of a stream. */
  append(stream: OutputStream, chunk: Buffer): void
  /** No more will come: what has no line end is part of the record as well. */
  finish(): void
  /** Somebody has looked at all that was appended, and it has no sign of a command. */
  markWithoutCommandSigns(): void
  /** Frees what the record holds; it cannot be read afterwards. What cannot be removed stays until the folder of the run goes; never rejects. */
  discard(): Promise<void>
}

/** The longest piece of one line that waits for its end while the other stream goes on, in bytes. */
export const longestPendingLine = 64 * 1024

const newline = 0x0a

/** Finds the end of the part of a line that may stand apart from the rest, in bytes; 0 for none of it. */
type SafeEnd = (bytes: Buffer) => number

const anywhere: SafeEnd = bytes => bytes.length

/** Where what an attempt prints is kept. */
export interface TaskOutputPlace {
  /** Absolute path of the file for what does not fit into memory; made only when needed. */
  readonly file: string
  /** That of the run; some of its own unless it is given. */
  readonly memory?: OutputMemory | undefined
  readonly writing?: FileWriting | undefined
}

/**
 * Records the two streams of an attempt as one: whole lines in the order in which they were completed, so that a line of one stream never
 * stands inside a line of the other. Memory is bounded whatever is printed: what does not fit into it any more goes to a file with all before it.
 */
export class TaskOutput implements AttemptOutput {
  readonly #kept: KeptOutput
  readonly #spilled: SpilledOutput
  readonly #pending: Record<OutputStream, HeldBytes> = {stdout: new HeldBytes(), stderr: new HeldBytes()}
  #safeEnd: SafeEnd
  #isSpilled = false
  #size = 0
  #unendedLine: OutputStream | undefined
  #lostBecause: string | undefined
  #hasCommandSigns = true

  constructor({file, memory = new OutputMemory(), writing}: TaskOutputPlace, safeEnd = anywhere) {
    this.#kept = new KeptOutput(memory)
    this.#spilled = new SpilledOutput(file, writing)
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
      // It may have to wait for its readers for long: its own memory, and that of who listened to it, is not to wait with it.
      this.#pending[stream] = new HeldBytes()
    }
    this.#safeEnd = anywhere
    this.#guarded(() => this.#spilled.finish())
  }

  async *chunks(): AsyncIterable<Uint8Array> {
    try {
      yield* this.#spilled.chunks()
    } catch (error) {
      if (!isSystemError(error)) throw error
      // It is not this attempt's fault, and no reader's: they go on with the others.
      yield notice(`could not be read: ${error.message}`)
      return
    }
    // A copy: a log in a hurry may still be writing it when all this is discarded, and its memory with it.
    const kept = Buffer.concat([...this.#kept.chunks()])
    if (kept.length > 0) yield kept
    if (this.#lostBecause !== undefined) yield notice(`could not be kept: ${this.#lostBecause}`)
  }

  async discard(): Promise<void> {
    this.#kept.clear()
    await this.#spilled.discard()
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
    if (!this.#isSpilled && this.#kept.add(piece)) return
    this.#guarded(() => {
      this.#spilled.add(this.#isSpilled ? [piece] : [...this.#kept.chunks(), piece])
      if (!this.#isSpilled) this.#kept.clear()
      this.#isSpilled = true
    })
  }

  /** What the file system refuses is said where the output is read, and nothing more is kept; what is kept by then stays. */
  #guarded(write: () => void): void {
    try {
      write()
    } catch (error) {
      this.#lostBecause ??= (error as Error).message
    }
  }
}

const notice = (what: string): Buffer => Buffer.from(`\n[pwsh-pool: the rest of the output ${what}]\n`)
