import {HeldBytes} from '../spool/held-bytes.ts'
import {carriageReturn, lineFeed} from '../text/line-ends.ts'

/** Bytes of one stream, cut at line ends. */
export interface Cut {
  /** Whole lines, each with its line end; the last line of the stream may have none, and neither has an open one. */
  readonly bytes: Buffer
  /** Whether the bytes begin inside a line. */
  readonly isContinued: boolean
  /** Whether the last line continues after the bytes, because it is too long to be held at once. */
  readonly isOpen: boolean
}

/** The longest line that is passed on in one piece, in bytes. */
export const longestPiece = 256 * 1024

/** How many bytes are decoded to text at a time: small strings die young, large ones make the heap grow. */
export const textSize = 16 * 1024

const nothing = Buffer.alloc(0)

/**
 * Cuts a stream where lines end, however it is chunked: at `\n`, `\r\n` and a lone `\r`, as the runner's reader does. A `\r` ends its line
 * at once; a `\n` at the start of the next chunk is left out (`restOfEnd`). Holds at most `longestPiece` and one chunk. Only a line that is not complete
 * in its chunk is copied.
 */
export class LineCutter {
  readonly #held = new HeldBytes()
  #isInside = false
  #endedWithCarriageReturn = false

  /** How many bytes of the next chunk belong to the end of the previous line: 1 for the `\n` of a `\r\n`, else 0. */
  restOfEnd(chunk: Buffer): number {
    return this.#endedWithCarriageReturn && chunk[0] === lineFeed ? 1 : 0
  }

  /** The bytes that this chunk completes, in up to three cuts. Iterate to the end; the bytes of an open cut are overwritten by the next call. */
  *take(chunk: Buffer): Iterable<Cut> {
    const fresh = chunk.subarray(this.restOfEnd(chunk))
    if (chunk.length > 0) this.#endedWithCarriageReturn = chunk.at(-1) === carriageReturn
    const end = lastLineEnd(fresh)
    // A line that began in an earlier chunk gets a cut of its own, so that only this line is copied.
    const begun = end > 0 && (this.#held.size > 0 || this.#isInside) ? firstLineEnd(fresh) : 0
    if (begun > 0) yield this.#endOfBegun(fresh.subarray(0, begun))
    if (end > begun) yield {bytes: fresh.subarray(begun, end), isContinued: false, isOpen: false}
    if (end < fresh.length) this.#held.add(fresh.subarray(end))
    if (this.#held.size > longestPiece) yield* this.#openCut()
  }

  /** The bytes without a line end. Call it at the end of the stream. */
  end(): readonly Cut[] {
    return this.#held.size > 0 || this.#isInside ? [this.#endOfBegun(nothing)] : []
  }

  #endOfBegun(last: Buffer): Cut {
    if (this.#held.size > 0) this.#held.add(last)
    const bytes = this.#held.size > 0 ? Buffer.from(this.#held.take()) : last
    const isContinued = this.#isInside
    this.#isInside = false
    return {bytes, isContinued, isOpen: false}
  }

  #openCut(): readonly Cut[] {
    const end = characterEnd(this.#held.peek())
    const isContinued = this.#isInside
    this.#isInside = true
    return [{bytes: this.#held.take(end), isContinued, isOpen: true}]
  }
}

/** The lines in pieces of at most `size` bytes; a longer line is a piece of its own. */
export function* smallerPieces(lines: Buffer, size: number): Iterable<Buffer> {
  for (let start = 0; start < lines.length; ) {
    const end = endOfLines(lines, start, size)
    yield lines.subarray(start, end)
    start = end
  }
}

/** The bytes of a line without its end. */
export function withoutLineEnd(line: Buffer): Buffer {
  const end = line.at(-1) === lineFeed ? (line.at(-2) === carriageReturn ? 2 : 1) : line.at(-1) === carriageReturn ? 1 : 0
  return line.subarray(0, line.length - end)
}

/** The end of the last line that fits into `size` bytes, else of the first line, else of the bytes. */
function endOfLines(bytes: Buffer, start: number, size: number): number {
  if (bytes.length - start <= size) return bytes.length
  const fitting = bytes.subarray(start, start + size)
  const feed = fitting.lastIndexOf(lineFeed)
  // A `\n` may come after the last byte.
  const end = Math.max(feed, fitting.subarray(0, -1).lastIndexOf(carriageReturn)) + 1
  if (end > 0) return start + end
  const rest = bytes.subarray(start + size - 1)
  return lastLineEnd(rest) === 0 ? bytes.length : start + size - 1 + firstLineEnd(rest)
}

/** The position after the last line end; 0 if there is none. */
function lastLineEnd(bytes: Buffer): number {
  const after = bytes.lastIndexOf(lineFeed) + 1
  return after + bytes.subarray(after).lastIndexOf(carriageReturn) + 1
}

/** The position after the first line end. Precondition: the bytes have one. */
export function firstLineEnd(bytes: Buffer): number {
  const feed = bytes.indexOf(lineFeed)
  const carriage = (feed < 0 ? bytes : bytes.subarray(0, feed)).indexOf(carriageReturn)
  return carriage < 0 || carriage + 1 === feed ? feed + 1 : carriage + 1
}

/** The end of the last complete UTF-8 character; the end of the bytes if they are not UTF-8. */
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
