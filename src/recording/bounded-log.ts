import {lineFeed} from '../text/line-ends.ts'

/** The share of the limit for the beginning of a long log; its end, which explains failures, gets the rest. */
const headShare = 1 / 4

/**
 * Passes a log of `size` bytes through; of a log longer than `limit`, only the beginning and the end, with a line between them that says how much is
 * left out. The log is cut between lines, or between characters if a line fills a whole chunk. `size` may be inexact, because masking changes
 * lengths; less than twice the limit is kept in any case.
 */
export class BoundedLog {
  readonly #headEnd: number
  readonly #tailStart: number
  readonly #most: number
  #part: 'head' | 'gap' | 'tail' = 'head'
  #read = 0
  #kept = 0
  #leftOut = 0
  #isNoted = false
  #lastByte = lineFeed

  constructor(size: number, limit: number) {
    const isWhole = size <= limit
    this.#most = 2 * limit
    this.#headEnd = isWhole ? this.#most : Math.floor(limit * headShare)
    this.#tailStart = isWhole ? Number.POSITIVE_INFINITY : size - (limit - this.#headEnd)
  }

  /** Bytes left out so far. */
  get leftOut(): number {
    return this.#leftOut
  }

  /** Takes the next bytes and returns those that are kept. */
  *take(bytes: Uint8Array): Iterable<Uint8Array> {
    let rest = bytes
    if (this.#part === 'head') {
      const isFit = this.#read + rest.length <= this.#headEnd
      const end = isFit ? rest.length : lineEndBefore(rest, this.#headEnd - this.#read)
      if (!isFit) this.#part = 'gap'
      yield* this.#keep(rest.subarray(0, end))
      rest = rest.subarray(end)
    }
    if (this.#part === 'gap' && rest.length > 0) {
      const isInside = this.#read + rest.length <= this.#tailStart
      const start = isInside ? rest.length : lineStartAfter(rest, Math.max(0, this.#tailStart - this.#read))
      if (!isInside) this.#part = 'tail'
      this.#skip(start)
      rest = rest.subarray(start)
    }
    if (this.#part === 'tail' && rest.length > 0) {
      yield* this.end()
      const room = Math.max(0, this.#most - this.#kept)
      yield* this.#keep(rest.subarray(0, room))
      this.#skip(rest.length - Math.min(room, rest.length))
    }
  }

  /** The note about the bytes that were left out, unless it has been returned already. */
  *end(): Iterable<Uint8Array> {
    if (this.#leftOut === 0 || this.#isNoted) return
    this.#isNoted = true
    yield Buffer.from(
      `${this.#lastByte === lineFeed ? '' : '\n'}[pwsh-pool: ${this.#leftOut.toLocaleString('en')} bytes of this log are left out here]\n`
    )
  }

  *#keep(bytes: Uint8Array): Iterable<Uint8Array> {
    this.#read += bytes.length
    this.#kept += bytes.length
    if (bytes.length === 0) return
    this.#lastByte = bytes.at(-1) ?? lineFeed
    yield bytes
  }

  #skip(length: number): void {
    this.#read += length
    this.#leftOut += length
  }
}

/** The end of the last line that ends at or before `at`; if no line does, the end of the last character. */
function lineEndBefore(bytes: Uint8Array, at: number): number {
  const end = at === 0 ? 0 : bytes.lastIndexOf(lineFeed, at - 1) + 1
  return end > 0 ? end : characterStart(bytes, at)
}

/** The start of the first line that begins at or after `at`; if no line does, the start of the next character. */
function lineStartAfter(bytes: Uint8Array, at: number): number {
  const end = bytes.indexOf(lineFeed, at)
  return end >= 0 && end + 1 < bytes.length ? end + 1 : characterStart(bytes, at)
}

/** The start of the UTF-8 character that contains the byte at `at`. */
function characterStart(bytes: Uint8Array, at: number): number {
  let start = at
  while (start > 0 && at - start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start--
  return start
}
