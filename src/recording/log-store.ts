import {type FileHandle, mkdtemp, open} from 'node:fs/promises'
import path from 'node:path'
import type {Attempt, EventReader, RecordedOutput} from '../model/event.ts'
import type {ShowVerbatim} from '../output/verbatim-log.ts'
import {removePath} from '../system/remove-path.ts'
import {isSystemError} from '../text/bug.ts'
import {BoundedLog} from './bounded-log.ts'

/** The log of an attempt in the store. */
export interface StoredLog {
  /** `index` of its task. */
  readonly task: number
  /** From 1. */
  readonly attempt: number
  readonly isFailed: boolean
  /** Where it stands in the store's file, in bytes. */
  readonly from: number
  readonly length: number
  /** Bytes left out in its middle; 0 for none. */
  readonly leftOut: number
}

/** Where logs are kept, and how many bytes of them. */
export interface LogStoreOptions {
  /** A folder for temporary files; absolute. */
  readonly temporaryFolder: string
  /** Bytes for logs of attempts that failed, and as many for the others. */
  readonly limit: number
  readonly show: ShowVerbatim
}

/** How much of its class's remaining bytes one log may take, at the most; and what it may take while there is as much. */
const share = 1 / 8
const leastShare = 64 * 1024

/** Less of a log than this says nothing. */
const leastLog = 1024

/** How many bytes the log of an attempt may have, where `rest` are left for all that follow; 0 for none. */
export function shareOf(rest: number): number {
  return rest < leastLog ? 0 : Math.min(rest, Math.max(leastShare, Math.floor(rest * share)))
}

/** How much is read at once, in bytes. */
const readSize = 256 * 1024

/**
 * The logs of a run's attempts, in one temporary file, until the page and the recording are written. They are bounded: a long log loses its middle, and
 * past the limit a log is left out. A log is masked when it is kept, and again when it is read, by what has been announced until then.
 */
export class LogStore {
  readonly logs: StoredLog[] = []
  readonly #options: LogStoreOptions
  readonly #rest: {failed: number; others: number}
  #file: FileHandle | undefined
  #folder: string | undefined
  #size = 0
  #leftOut = 0
  #lostBecause: string | undefined

  constructor(options: LogStoreOptions) {
    this.#options = options
    this.#rest = {failed: options.limit, others: options.limit}
  }

  /** How many logs are left out as a whole. */
  get leftOut(): number {
    return this.#leftOut
  }

  /** Why logs could not be kept: what the file system said; `undefined` if nothing went wrong. */
  get lostBecause(): string | undefined {
    return this.#lostBecause
  }

  readonly read: EventReader = async event => {
    if (event.type !== 'attempt-ended' || event.output.size === 0) return
    try {
      await this.#keep(event.task.index, event.attempt, event.output)
    } catch (error) {
      if (!isSystemError(error)) throw error
      this.#lostBecause ??= error.message
    }
  }

  /** A log as it was printed, but for what is masked by now. Rejects with what the file system throws. */
  chunks(log: StoredLog): AsyncIterable<Uint8Array> {
    const stored = () => this.#stored(log)
    return this.#options.show({chunks: stored})
  }

  /** Removes the file. Never rejects. */
  async discard(): Promise<void> {
    await this.#file?.close().catch(() => {})
    this.#file = undefined
    if (this.#folder !== undefined) await removePath(this.#folder)
  }

  async #keep(task: number, {number, end}: Attempt, output: RecordedOutput): Promise<void> {
    const isFailed = end.status !== 'success'
    const kind = isFailed ? 'failed' : 'others'
    const limit = shareOf(this.#rest[kind])
    if (limit === 0 || this.#lostBecause !== undefined) {
      this.#leftOut++
      return
    }
    const bounded = new BoundedLog(output.size, limit)
    const from = this.#size
    for await (const chunk of this.#options.show(output)) for (const kept of bounded.take(chunk)) await this.#append(kept)
    for (const note of bounded.end()) await this.#append(note)
    const length = this.#size - from
    this.#rest[kind] = Math.max(0, this.#rest[kind] - length)
    if (length > 0) this.logs.push({task, attempt: number, isFailed, from, length, leftOut: bounded.leftOut})
  }

  async #append(bytes: Uint8Array): Promise<void> {
    this.#folder ??= await mkdtemp(path.join(this.#options.temporaryFolder, 'pwsh-pool-logs-'))
    this.#file ??= await open(path.join(this.#folder, 'logs'), 'wx+', 0o600)
    for (let written = 0; written < bytes.length; ) {
      const {bytesWritten} = await this.#file.write(bytes, written, bytes.length - written, this.#size)
      written += bytesWritten
      this.#size += bytesWritten
    }
  }

  async *#stored({from, length}: StoredLog): AsyncIterable<Uint8Array> {
    // The same memory each time: garbage of this kind piles up until it is collected.
    const memory = Buffer.allocUnsafeSlow(Math.min(readSize, length))
    for (let at = 0; at < length; ) {
      const {bytesRead} = (await this.#file?.read(memory, 0, Math.min(memory.length, length - at), from + at)) ?? {bytesRead: 0}
      if (bytesRead === 0) return
      yield memory.subarray(0, bytesRead)
      at += bytesRead
    }
  }
}
