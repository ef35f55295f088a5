import type {RecordedOutput} from '../model/event.ts'
import type {OutputPart} from '../model/output-listener.ts'
import {isSystemError} from '../text/bug.ts'
import {carriageReturn, lineFeed} from '../text/line-ends.ts'
import {OutputMemory} from './output-memory.ts'
import {encodedEntry, entryGroups, type IndexEntry} from './part-index.ts'
import type {FileWriting} from './spilled-output.ts'
import {StoredBytes} from './stored-bytes.ts'

/** The recorded output of an attempt, while it is written. */
export interface AttemptOutput extends RecordedOutput {
  /** Appends the next part. */
  add(part: OutputPart): void
  /** Ends the record. */
  finish(): void
  /** Frees the record, which cannot be read afterwards; never rejects. A file that cannot be removed goes with the folder of the run. */
  discard(): Promise<void>
}

/** Where the output of an attempt is kept. */
export interface TaskOutputPlace {
  /** Absolute path of the file for what does not fit into memory. It and its index beside it are created only when needed. */
  readonly file: string
  /** The budget of the run; one of its own if not given. */
  readonly memory?: OutputMemory | undefined
  readonly writing?: FileWriting | undefined
}

/** How much is read at once, and how many bytes of whole lines one entry covers at most, in bytes. */
const groupSize = 256 * 1024

/**
 * Records the parts of an output: their bytes, and an index of them. Consecutive whole lines that are shown as printed share one entry, whichever stream
 * they came from. Memory is bounded: what does not fit goes to a file.
 */
export class TaskOutput implements AttemptOutput {
  readonly #bytes: StoredBytes
  readonly #index: StoredBytes
  /** How many bytes at the end have no entry yet. */
  #run = 0
  #lastByte: number | undefined
  #entries = 0
  #size = 0
  #lostBecause: string | undefined

  constructor({file, memory = new OutputMemory(), writing}: TaskOutputPlace) {
    this.#bytes = new StoredBytes({file, memory, writing})
    this.#index = new StoredBytes({file: `${file}.index`, memory, leastBlock: 64, writing})
  }

  get size(): number {
    return this.#size
  }

  add(part: OutputPart): void {
    const {length} = part.bytes
    this.#size += length
    if (this.#lostBecause !== undefined) return
    this.#guarded(() => {
      if (isWholeLines(part)) {
        // A `\r` and a `\n` of different lines would be read as one line end.
        const isOneEnd = this.#lastByte === carriageReturn && part.bytes[0] === lineFeed
        if (isOneEnd || this.#run + length > groupSize) this.#endRun()
        this.#bytes.add(part.bytes)
        this.#run += length
        this.#lastByte = part.bytes.at(-1)
      } else {
        this.#endRun()
        this.#bytes.add(part.bytes)
        this.#enter({...part, length})
      }
    })
  }

  finish(): void {
    this.#guarded(() => this.#endRun())
    this.#guarded(() => this.#bytes.finish())
    this.#guarded(() => this.#index.finish())
  }

  async *parts(): AsyncIterable<readonly OutputPart[]> {
    try {
      yield* this.#recorded()
    } catch (error) {
      if (!isSystemError(error)) throw error
      // Neither the attempt nor the reader is at fault, so the reader goes on with other attempts.
      yield [notice(`could not be read: ${error.message}`)]
      return
    }
    if (this.#lostBecause !== undefined) yield [notice(`could not be kept: ${this.#lostBecause}`)]
  }

  async discard(): Promise<void> {
    await Promise.all([this.#bytes.discard(), this.#index.discard()])
  }

  async *#recorded(): AsyncIterable<readonly OutputPart[]> {
    const index = await this.#index.reader()
    try {
      const bytes = await this.#bytes.reader()
      try {
        for await (const entries of entryGroups(index, this.#entries, groupSize)) {
          const size = entries.reduce((sum, {length}) => sum + length, 0)
          yield partsOf(entries, await bytes.read(size))
        }
      } finally {
        await bytes.close()
      }
    } finally {
      await index.close()
    }
  }

  #endRun(): void {
    if (this.#run > 0) this.#enter({stream: 'stdout', isContinued: false, isOpen: false, length: this.#run})
    this.#run = 0
  }

  #enter(entry: IndexEntry): void {
    this.#index.add(encodedEntry(entry))
    this.#entries++
  }

  /** After a file system error nothing more is kept, and a notice at the end of the output says so. */
  #guarded(write: () => void): void {
    try {
      write()
    } catch (error) {
      if (!isSystemError(error)) throw error
      this.#lostBecause ??= error.message
    }
  }
}

function isWholeLines({bytes, isContinued, isOpen, shown}: OutputPart): boolean {
  const last = bytes.at(-1)
  return shown === undefined && !isContinued && !isOpen && (last === lineFeed || last === carriageReturn)
}

function partsOf(entries: readonly IndexEntry[], bytes: Buffer): readonly OutputPart[] {
  let at = 0
  return entries.map(({length, ...entry}) => {
    at += length
    return {...entry, bytes: bytes.subarray(at - length, at)}
  })
}

function notice(what: string): OutputPart {
  const shown = `\n[pwsh-pool: the rest of the output ${what}]`
  return {stream: 'stdout', bytes: Buffer.from(`${shown}\n`), isContinued: false, isOpen: false, shown}
}
