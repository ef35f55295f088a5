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
  /** Offset in the file of the store, in bytes. */
  readonly from: number
  readonly length: number
  /** Bytes left out in its middle; 0 for none. */
  readonly leftOut: number
}

/** Where logs are kept, and the size limit. */
export interface LogStoreOptions {
  /** A folder for temporary files; absolute. */
  readonly temporaryFolder: string
  /** Limit for the logs of failed attempts, in bytes; the same again for all others. */
  readonly limit: number
  readonly show: ShowVerbatim
}

/** The largest share of the remaining bytes that one log may take. Failed attempts and others are counted separately. */
const share = 1 / 8
const leastShare = 64 * 1024

/** A shorter part of a log would say nothing, in bytes. */
const leastLog = 1024

/** Limit for the next log, in bytes, if `rest` bytes are left for it and all that follow; 0 for none. */
export function shareOf(rest: number): number {
  return rest < leastLog ? 0 : Math.min(rest, Math.max(leastShare, Math.floor(rest * share)))
}

/** Bytes that are read at once. */
const readSize = 256 * 1024

/**
 * Keeps the logs of all attempts in one temporary file until the page and the recording are written. Its size is limited: long logs lose their
 * middle, and logs past the limit are left out. A log is masked when it is stored, and again when it is read, with the secrets announced by then.
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

  /** Number of logs that are left out completely. */
  get leftOut(): number {
    return this.#leftOut
  }

  /** The file system error because of which logs were lost; `undefined` if there was none. */
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

  /** Reads a log as it was printed, masked with the secrets known by now. Rejects with file system errors. */
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
    // Reuses one buffer, because buffers of this size would pile up until the garbage collector runs.
    const memory = Buffer.allocUnsafeSlow(Math.min(readSize, length))
    for (let at = 0; at < length; ) {
      const {bytesRead} = (await this.#file?.read(memory, 0, Math.min(memory.length, length - at), from + at)) ?? {bytesRead: 0}
      if (bytesRead === 0) return
      yield memory.subarray(0, bytesRead)
      at += bytesRead
    }
  }
}
