import {isUtf8} from 'node:buffer'
import type {OutputPart, OutputStream} from '../model/output-listener.ts'
import {carriageReturn, lineEnd, lineFeed} from '../text/line-ends.ts'
import type {Masker} from '../text/masker.ts'
import {smallerPieces, textSize, withoutLineEnd} from './line-cutter.ts'
import {LineWrapper, wrapLength} from './line-wrapper.ts'
import {UntornLine} from './untorn-line.ts'

/** Whole lines as text, or as UTF-8 bytes if they are unchanged and none can be a command. */
export type ShownLines = string | Buffer

/** State of a stream inside a line that arrives in pieces. */
interface OpenLine {
  readonly untorn: UntornLine
  readonly wrapper: LineWrapper
  isOpen: boolean
}

/**
 * Turns the parts of one output into the lines that people see: masked with the values known by then, and long lines wrapped. A line may still look
 * like a command; `LogMarkup` makes it harmless.
 */
export class ShownOutput {
  readonly #masker: Masker
  readonly #lines: Readonly<Record<OutputStream, OpenLine>>
  #hasSaidNotUtf8 = false

  constructor(masker: Masker) {
    this.#masker = masker
    const newLine = () => ({untorn: new UntornLine(masker), wrapper: new LineWrapper(), isOpen: false})
    this.#lines = {stdout: newLine(), stderr: newLine()}
  }

  /** The lines of the parts, each ending with `\n`. */
  *show(parts: Iterable<OutputPart>): Iterable<ShownLines> {
    let waiting: ShownLines = ''
    for (const part of parts) {
      for (const lines of this.#linesOf(part)) {
        if (waiting.length === 0) waiting = lines
        else if (waiting.length + lines.length <= textSize) waiting = waiting.toString() + lines.toString()
        else {
          yield waiting
          waiting = lines
        }
      }
    }
    if (waiting.length > 0) yield waiting
  }

  /** The lines without a line end. Call it last. */
  end(): string {
    return this.#endLine('stdout') + this.#endLine('stderr')
  }

  *#linesOf(part: OutputPart): Iterable<ShownLines> {
    const {stream, bytes, isContinued, isOpen, shown} = part
    // The recording broke off inside a line.
    if (!isContinued && this.#lines[stream].isOpen) yield this.#endLine(stream)
    if (shown === '') {
      if (isContinued) yield this.#endLine(stream)
    } else if (isContinued || isOpen) yield* this.#piece(part)
    else if (shown !== undefined) yield this.#text([shown], isUtf8(bytes))
    else yield* this.#wholeLines(stream, bytes)
  }

  *#wholeLines(stream: OutputStream, bytes: Buffer): Iterable<ShownLines> {
    const plain = this.#plainLines(bytes)
    if (plain !== undefined) yield plain
    else
      for (const lines of smallerPieces(bytes, textSize)) {
        if (lines.length < bytes.length) yield* this.#wholeLines(stream, lines)
        else if (lines.length > textSize) yield* this.#piece({stream, bytes: lines, isContinued: false, isOpen: false})
        else yield this.#text(withoutLineEnd(lines).toString().split(lineEnd), isUtf8(lines))
      }
  }

  /**
   * The bytes, if they can be shown unchanged; else `undefined`. Nearly all output can, and the check looks at no single line. Decoding hundreds of
   * megabytes to text would cost more than everything else.
   */
  #plainLines(bytes: Buffer): Buffer | undefined {
    if (!isUtf8(bytes) || this.#masker.occursIn(bytes)) return undefined
    const lines = withLineFeeds(bytes)
    return lines.at(-1) === lineFeed && hasShortLines(lines) ? lines : undefined
  }

  *#piece({stream, bytes, isOpen, shown}: OutputPart): Iterable<string> {
    const line = this.#lines[stream]
    line.isOpen = true
    const text = shown === undefined ? withoutLineEnd(bytes) : Buffer.from(shown)
    for (const piece of line.untorn.take(text, isOpen)) {
      const lines: string[] = []
      for (const [i, part] of this.#masker.mask(piece.toString()).split(lineEnd).entries()) {
        if (i > 0) lines.push(line.wrapper.end())
        lines.push(...line.wrapper.push(part))
      }
      yield this.#joined(lines, isUtf8(piece))
    }
    if (!isOpen) yield this.#endLine(stream)
  }

  #endLine(stream: OutputStream): string {
    const line = this.#lines[stream]
    if (!line.isOpen) return ''
    const lines: string[] = []
    for (const piece of line.untorn.take(nothing, false)) lines.push(...line.wrapper.push(this.#masker.mask(piece.toString())))
    lines.push(line.wrapper.end())
    line.isOpen = false
    return this.#joined(lines, true)
  }

  /** Shows whole texts, each of one or more lines. */
  #text(texts: readonly string[], isText: boolean): string {
    const wrapper = new LineWrapper()
    const lines = texts.flatMap(text => this.#masker.mask(text).split(lineEnd)).flatMap(line => [...wrapper.push(line), wrapper.end()])
    return this.#joined(lines, isText)
  }

  #joined(lines: string[], isText: boolean): string {
    if (!isText && !this.#hasSaidNotUtf8) {
      this.#hasSaidNotUtf8 = true
      lines.push('[pwsh-pool: what is not UTF-8 in this output is shown as \ufffd]')
    }
    return lines.map(line => `${line}\n`).join('')
  }
}

const nothing: Buffer = Buffer.alloc(0)

/** The lines with `\n` in place of each `\r\n` and lone `\r`. */
function withLineFeeds(bytes: Buffer): Buffer {
  if (!bytes.includes(carriageReturn)) return bytes
  const lines = Buffer.allocUnsafe(bytes.length)
  let size = 0
  // Byte by byte: `indexOf` and `copy` per line cost as much, and a string ten times that.
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte !== carriageReturn) lines[size++] = byte
    else if (bytes[at + 1] !== lineFeed) lines[size++] = lineFeed
  }
  return lines.subarray(0, size)
}

function hasShortLines(bytes: Buffer): boolean {
  for (let start = 0; bytes.length - start > wrapLength; ) {
    const end = bytes.lastIndexOf(lineFeed, start + wrapLength)
    if (end < start) return false
    start = end + 1
  }
  return true
}
