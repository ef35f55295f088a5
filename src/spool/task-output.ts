import type {RecordedOutput} from '../model/event.ts'
import type {OutputPart} from '../model/output-listener.ts'
import {isSystemError} from '../text/bug.ts'
import {OutputMemory} from './output-memory.ts'
import {encodedEntry, entryGroups, type IndexEntry} from './part-index.ts'
import type {FileWriting} from './spilled-output.ts'
import {StoredBytes} from './stored-bytes.ts'

/** What an attempt prints, from its first bytes to its end. */
export interface AttemptOutput extends RecordedOutput {
  /** Takes the next part. */
  add(part: OutputPart): void
  /** No more will come. */
  finish(): void
  /** Frees what the record holds; it cannot be read afterwards. What cannot be removed stays until the folder of the run goes; never rejects. */
  discard(): Promise<void>
}

/** Where what an attempt prints is kept. */
export interface TaskOutputPlace {
  /** Absolute path of the file for what does not fit into memory; made only when needed, as is one beside it. */
  readonly file: string
  /** That of the run; some of its own unless it is given. */
  readonly memory?: OutputMemory | undefined
  readonly writing?: FileWriting | undefined
}

/** How much is read at once, in bytes, and how much of whole lines has one entry. */
const groupSize = 256 * 1024

const newline = 0x0a
const carriageReturn = 0x0d

/**
 * Records what an attempt prints as it was heard, part after part: the bytes, and an index of the parts, in which whole lines about which there is nothing
 * to say are one entry, whichever stream they came on. Memory is bounded whatever is printed: what does not fit into it goes to a file.
 */
export class TaskOutput implements AttemptOutput {
  readonly #bytes: StoredBytes
  readonly #index: StoredBytes
  /** How many bytes at the end of the others have no entry yet. */
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
        // What looks like one line end would be two, of lines of either stream.
        const isOneEnd = this.#lastByte === carriageReturn && part.bytes[0] === newline
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
      // It is not this attempt's fault, and no reader's: they go on with the others.
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

  /** What the file system refuses is said where the output is read, and nothing more is kept; what is kept by then stays. */
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
  return shown === undefined && !isContinued && !isOpen && (last === newline || last === carriageReturn)
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
