import {isUtf8} from 'node:buffer'
import {unreachable} from '../model/unreachable.ts'
import type {Masker} from '../text/masker.ts'
import {annotationText} from '../workflow-commands/annotation-text.ts'
import type {CommandInterpreter, LineMeaning} from '../workflow-commands/interpreter.ts'
import {mayHaveCommand} from '../workflow-commands/parse-command.ts'
import {type Cut, piecesOfLine, smallerCuts, textSize} from './line-cutter.ts'
import {LineWrapper, wrapLength} from './line-wrapper.ts'
import {safeEnd} from './safe-end.ts'

/** What lines of output are shown by. */
export interface ShowOptions {
  /** Of the attempt; streams that are shown apart share it. */
  readonly interpreter: CommandInterpreter
  readonly masker: Masker
  /** Whether what tasks tell for debugging is shown. */
  readonly isDebug: boolean
  /** What has been said once and is not to be said again; streams that are shown apart share it. */
  readonly said: Set<string>
  /** Is told the meaning of each line that is no text, in order, before the line is shown. */
  readonly onMeaning?: (meaning: LineMeaning) => void
}

/** Whole lines as text, or as bytes of UTF-8 where they are as they were printed and none of them can be a command. */
export type ShownLines = string | Buffer

/**
 * Turns the output of one attempt into the lines that people see: commands as words, values masked, long lines wrapped. What it gives may still
 * look like a command; to keep it from being one is the log's part.
 */
export class ShownOutput {
  readonly #options: ShowOptions
  readonly #wrapper = new LineWrapper()
  #isOpenHidden = false
  /** Whether the line at hand has had its command, or a bracket that could have been one: there is one at most. */
  #hasHadCommand = false

  constructor(options: ShowOptions) {
    this.#options = options
  }

  /**
   * The lines of a cut, each with `\n` at its end, in one part or several; one is empty if nothing of it is to be seen. Bytes are lines as they are,
   * none like a command. What a line says is told when its part is asked for.
   */
  *show(cut: Cut): Iterable<ShownLines> {
    const plain = this.#plainLines(cut)
    if (plain !== undefined) yield plain
    else for (const part of smallerCuts(cut, textSize)) yield* part.bytes.length < cut.bytes.length ? this.show(part) : this.#asText(part)
  }

  /** Precondition: there is little in it, or one line. */
  *#asText(cut: Cut): Iterable<string> {
    if (cut.bytes.length <= textSize || mayHaveCommand(cut.bytes)) yield this.#lineByLine(cut)
    else for (const piece of piecesOfLine(cut, textSize, bytes => safeEnd(bytes, this.#options.masker))) yield this.#lineByLine(piece)
  }

  /**
   * The lines of a cut as they are, if they are to be shown so, which is true of nearly all output and told without looking at each line; else
   * `undefined`. They stay bytes: text made of hundreds of megabytes costs more than all the rest.
   */
  #plainLines({bytes, isContinued, isOpen, hasCommandSigns}: Cut): Buffer | undefined {
    if (isContinued || isOpen || (hasCommandSigns !== false && mayHaveCommand(bytes)) || !isUtf8(bytes)) return undefined
    if (this.#options.masker.occursIn(bytes)) return undefined
    const lines = withLineFeeds(bytes)
    return lines.at(-1) === lineFeed && hasShortLines(lines) ? lines : undefined
  }

  #lineByLine(cut: Cut): string {
    const {bytes} = cut
    const lines: string[] = []
    const texts = bytes.toString().split(/\r\n|\n|\r/)
    if (!cut.isOpen && texts.length > 1 && texts.at(-1) === '') texts.pop()
    for (const [i, text] of texts.entries()) {
      const isOpen = cut.isOpen && i === texts.length - 1
      if (cut.isContinued && i === 0) this.#goOn(text, isOpen, lines)
      else this.#begin(text, isOpen, lines)
    }
    if (!isUtf8(bytes)) this.#sayOnce('what is not UTF-8 in this output is shown as \ufffd', lines)
    return lines.map(line => `${line}\n`).join('')
  }

  /** Takes note of a cut that is not shown. Precondition: there can be no command in it. */
  pass(cut: Cut): void {
    if (!cut.isContinued) this.#hasHadCommand = false
  }

  #begin(text: string, isOpen: boolean, lines: string[]): void {
    const {interpreter, onMeaning} = this.#options
    const read: LineMeaning = mayHaveCommand(text) ? interpreter.read(text) : {kind: 'text'}
    const meaning = isOpen && read.kind === 'output' ? tooLongOutput : read
    if (meaning.kind !== 'text') onMeaning?.(meaning)
    const shown = this.#textOf(meaning, text)
    this.#isOpenHidden = isOpen && shown === undefined
    this.#hasHadCommand = read.kind !== 'text' || text.includes(bracketSign)
    if (shown === undefined) return
    const masked = this.#options.masker.mask(shown).split(/\r\n|\n|\r/)
    for (const [i, line] of masked.entries()) {
      lines.push(...this.#wrapper.push(line))
      if (!isOpen || i < masked.length - 1) lines.push(this.#wrapper.end())
    }
    if (meaning.kind === 'refused') this.#sayOnce(`${meaning.command} has no effect: ${meaning.hint}`, lines)
  }

  #sayOnce(text: string, lines: string[]): void {
    const {said} = this.#options
    if (said.has(text)) return
    said.add(text)
    lines.push(`[pwsh-pool: ${text}]`)
  }

  // What comes after the first piece of a line is text, but for a value that nobody is to see.
  #goOn(text: string, isOpen: boolean, lines: string[]): void {
    const bracket = this.#hasHadCommand ? -1 : text.indexOf(bracketSign)
    const meaning = bracket < 0 ? undefined : this.#options.interpreter.read(text.slice(bracket))
    this.#hasHadCommand ||= bracket >= 0
    if (meaning?.kind === 'mask') {
      this.#options.onMeaning?.(meaning)
      lines.push(...this.#wrapper.push(this.#options.masker.mask(text.slice(0, bracket))), this.#wrapper.end())
      this.#isOpenHidden = isOpen
      return
    }
    if (!this.#isOpenHidden) {
      lines.push(...this.#wrapper.push(this.#options.masker.mask(text)))
      if (!isOpen) lines.push(this.#wrapper.end())
    }
    if (!isOpen) this.#isOpenHidden = false
  }

  #textOf(meaning: LineMeaning, line: string): string | undefined {
    switch (meaning.kind) {
      case 'text':
      case 'refused':
        return line
      case 'annotation':
        return annotationText(meaning.annotation)
      case 'group':
        return `▸ ${meaning.title}`
      case 'debug':
        return this.#options.isDebug ? `Debug: ${meaning.message}` : undefined
      case 'mask':
      case 'output':
      case 'nothing':
        return undefined
      default:
        return unreachable(meaning)
    }
  }
}

const bracketSign = '##['

const tooLongOutput: LineMeaning = {
  kind: 'refused',
  command: 'set-output',
  hint: 'the line is too long; write to the file $env:GITHUB_OUTPUT instead'
}

const lineFeed = 0x0a
const carriageReturn = 0x0d

/** The same lines, each with `\n` for `\r\n` or a lone `\r`. */
function withLineFeeds(bytes: Buffer): Buffer {
  if (!bytes.includes(carriageReturn)) return bytes
  const lines = Buffer.allocUnsafe(bytes.length)
  let size = 0
  // Byte by byte: with lines as they are, searching and copying costs as much, and text ten times that.
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
