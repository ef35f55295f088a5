/** Bytes of one stream that were cut where lines end. */
export interface Cut {
  /** Whole lines, each with its end; without one if it is the last of the stream, or `isOpen`. */
  readonly bytes: Buffer
  /** Whether the bytes begin inside a line. */
  readonly isContinued: boolean
  /** Whether the last line goes on after the bytes: it is too long to be had at once. */
  readonly isOpen: boolean
  /** Whether `::` or `##[` stands in them, where somebody has looked. */
  readonly hasCommandSigns?: boolean | undefined
}

/** The longest line that is handed on in one piece, in bytes; a longer one comes as several. */
export const longestPiece = 256 * 1024

const lineFeed = 0x0a
const carriageReturn = 0x0d

/** Where the bytes of a line that is too long may be cut, at most at their end. */
export type SafeEnd = (bytes: Buffer) => number

/**
 * Cuts a stream where lines end, however it is chunked: at `\n`, `\r\n` and a lone `\r`, as the runner's reader does. A `\r` ends its line
 * at once; a `\n` that comes right after it in the next chunk is left out. Holds back no more than `longestPiece`, and one chunk. What it
 * holds is its own; a cut may be part of the chunk that it came with, of which nothing is copied but a line that is not whole in it.
 */
export class LineCutter {
  readonly #safeEnd: SafeEnd
  #pending: Buffer[] = []
  #pendingSize = 0
  #isInside = false
  #endedWithCarriageReturn = false

  constructor(safeEnd: SafeEnd = characterEnd) {
    this.#safeEnd = safeEnd
  }

  /** The bytes that are complete with this chunk: nothing, or up to three cuts. */
  take(chunk: Buffer): readonly Cut[] {
    const fresh = this.#endedWithCarriageReturn && chunk[0] === lineFeed ? chunk.subarray(1) : chunk
    if (chunk.length > 0) this.#endedWithCarriageReturn = chunk.at(-1) === carriageReturn
    const end = lastLineEnd(fresh)
    // A line that began before has a cut of its own, so that it alone has to be put together.
    const begun = end > 0 && (this.#pendingSize > 0 || this.#isInside) ? firstLineEnd(fresh) : 0
    const cuts: Cut[] = []
    if (begun > 0) cuts.push(this.#cut(fresh.subarray(0, begun), false))
    if (end > begun) cuts.push(this.#cut(fresh.subarray(begun, end), false))
    if (end < fresh.length) this.#hold(fresh.subarray(end))
    if (this.#pendingSize > longestPiece) cuts.push(...this.#openCut())
    return cuts
  }

  /** What has no line end; the stream is at its end. */
  end(): readonly Cut[] {
    return this.#pendingSize > 0 || this.#isInside ? [this.#cut(Buffer.alloc(0), false)] : []
  }

  #hold(bytes: Buffer): void {
    this.#pending.push(Buffer.from(bytes))
    this.#pendingSize += bytes.length
  }

  #cut(last: Buffer, isOpen: boolean): Cut {
    const bytes = this.#pendingSize === 0 ? last : Buffer.concat([...this.#pending, last])
    const cut = {bytes, isContinued: this.#isInside, isOpen}
    this.#pending = []
    this.#pendingSize = 0
    this.#isInside = isOpen
    return cut
  }

  #openCut(): readonly Cut[] {
    const bytes = Buffer.concat(this.#pending)
    const end = this.#safeEnd(bytes)
    if (end === 0) return []
    this.#pending = []
    this.#pendingSize = 0
    const cut = this.#cut(bytes.subarray(0, end), true)
    if (end < bytes.length) this.#hold(bytes.subarray(end))
    return [cut]
  }
}

/** 0 if no line ends in the bytes. */
function lastLineEnd(bytes: Buffer): number {
  const after = bytes.lastIndexOf(lineFeed) + 1
  return after + bytes.subarray(after).lastIndexOf(carriageReturn) + 1
}

/** Precondition: a line ends in the bytes. */
function firstLineEnd(bytes: Buffer): number {
  const feed = bytes.indexOf(lineFeed)
  const carriage = (feed < 0 ? bytes : bytes.subarray(0, feed)).indexOf(carriageReturn)
  return carriage < 0 || carriage + 1 === feed ? feed + 1 : carriage + 1
}

/** The end of the last character of UTF-8 that is whole in the bytes; their own end if they are none. */
export function characterEnd(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(4, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return bytes.length
    if (byte < 0xc0) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    return length > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}
