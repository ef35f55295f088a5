import {isUtf8} from 'node:buffer'
import type {RecordedOutput, UnreadOutput} from '../model/event.ts'
import type {OutputPart, OutputStream} from '../model/output-listener.ts'
import {freeBytes} from '../spool/free-bytes.ts'
import {carriageReturn, lineFeed} from '../text/line-ends.ts'
import type {Masker} from '../text/masker.ts'
import {smallerPieces, textSize} from './line-cutter.ts'
import {UntornLine} from './untorn-line.ts'

/** Reads all of an output as it was printed, but for the values that are masked by now. */
export type ShowVerbatim = (output: Pick<RecordedOutput, 'parts'> | UnreadOutput) => AsyncIterable<Uint8Array>

/**
 * The bytes of an output as printed, except for masked values. Invalid UTF-8 becomes U+FFFD only in lines in which something was masked. A line of one
 * stream never starts inside a line of the other. Who keeps a chunk beyond the next one copies it.
 */
export async function* verbatimLog(output: Pick<RecordedOutput, 'parts'>, masker: Masker): AsyncIterable<Uint8Array> {
  const log = new VerbatimLines(masker)
  for await (const parts of output.parts()) {
    const bytes = parts.flatMap(part => [...log.bytesOf(part)])
    if (bytes.length === 1 && bytes[0] !== undefined) yield bytes[0]
    else {
      const joined = Buffer.concat(bytes)
      yield joined
      freeBytes(joined)
    }
  }
  yield Buffer.concat([...log.end()])
}

class VerbatimLines {
  readonly #masker: Masker
  readonly #untorn: Readonly<Record<OutputStream, UntornLine>>
  #lastStream: OutputStream | undefined
  #lastByte: number | undefined

  constructor(masker: Masker) {
    this.#masker = masker
    this.#untorn = {stdout: new UntornLine(masker), stderr: new UntornLine(masker)}
  }

  *bytesOf({stream, bytes, isContinued, isOpen}: OutputPart): Iterable<Buffer> {
    const isPiece = isContinued || isOpen
    const pieces = isPiece ? Array.from(this.#untorn[stream].take(bytes, isOpen), piece => Buffer.from(piece)) : [bytes]
    for (const [i, piece] of pieces.entries()) {
      if (piece.length === 0) continue
      const isUnended = this.#lastByte !== undefined && this.#lastByte !== lineFeed && this.#lastByte !== carriageReturn
      if (isUnended && !((isContinued || i > 0) && this.#lastStream === stream)) yield Buffer.of(lineFeed)
      yield* maskedParts(piece, this.#masker)
      this.#lastByte = piece.at(-1)
      this.#lastStream = stream
    }
  }

  /** The lines without a line end. Call it last. */
  *end(): Iterable<Buffer> {
    for (const stream of ['stdout', 'stderr'] as const) yield* this.bytesOf({stream, bytes: nothing, isContinued: true, isOpen: false})
  }
}

function* maskedParts(bytes: Buffer, masker: Masker): Iterable<Buffer> {
  if (isUtf8(bytes) && !masker.occursIn(bytes)) yield bytes
  else
    for (const part of smallerPieces(bytes, textSize))
      if (part.length < bytes.length) yield* maskedParts(part, masker)
      else yield maskedBytes(bytes, masker)
}

function maskedBytes(bytes: Buffer, masker: Masker): Buffer {
  const text = bytes.toString()
  const masked = masker.mask(text)
  if (masked === text) return bytes
  return isUtf8(bytes) ? Buffer.from(masked) : Buffer.concat(linesOf(bytes).map(line => maskedLine(line, masker)))
}

function maskedLine(line: Buffer, masker: Masker): Buffer {
  const text = line.toString()
  const masked = masker.mask(text)
  return masked === text ? line : Buffer.from(masked)
}

function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(lineFeed, start) + 1 || bytes.length
    lines.push(bytes.subarray(start, end))
    start = end
  }
  return lines
}

const nothing: Buffer = Buffer.alloc(0)
