import type {OutputPart, OutputStream} from '../model/output-listener.ts'
import type {CommandMode} from '../model/settings.ts'
import {unreachable} from '../model/unreachable.ts'
import {mask} from '../text/masker.ts'
import {annotationText} from '../workflow-commands/annotation-text.ts'
import {CommandInterpreter, type LineMeaning} from '../workflow-commands/interpreter.ts'
import {hasCommandSign, linesLikeCommands, mayHaveCommand} from '../workflow-commands/parse-command.ts'
import {type Cut, firstLineEnd, LineCutter, smallerPieces, textSize, withoutLineEnd} from './line-cutter.ts'

/** How output is interpreted. */
export interface ReadOptions {
  readonly mode: CommandMode
  /** Whether `::debug::` lines are shown. */
  readonly isDebug: boolean
  /** Called with the meaning of each line that is a command, in order. */
  readonly onMeaning: (meaning: LineMeaning) => void
}

/** State of a stream inside a line that is too long to be held at once. */
interface LongLine {
  /** What happens to the rest of the line. */
  rest: 'shown' | 'hidden' | 'dropped'
  /** Whether a command, or a `##[` that could have been one, has been read. A line has at most one. */
  hasHadCommand: boolean
  /** Emitted at the end of the line. */
  notes: readonly OutputPart[]
}

/** Interprets the output of one attempt: each line of either stream is read for workflow commands once, as soon as it is complete. */
export class PartReader {
  readonly #options: ReadOptions
  readonly #interpreter: CommandInterpreter
  readonly #cutters: Readonly<Record<OutputStream, LineCutter>> = {stdout: new LineCutter(), stderr: new LineCutter()}
  readonly #longLines: Readonly<Record<OutputStream, LongLine>> = {stdout: newLine(), stderr: newLine()}
  readonly #givenNotes = new Set<string>()
  #lastStream: OutputStream | undefined

  constructor(options: ReadOptions) {
    this.#options = options
    this.#interpreter = new CommandInterpreter(options.mode)
  }

  /** The parts that the next chunk of a stream completes. The bytes of an open part are overwritten by the next call. */
  take(stream: OutputStream, chunk: Buffer): readonly OutputPart[] {
    const parts: OutputPart[] = []
    const cutter = this.#cutters[stream]
    const rest = cutter.restOfEnd(chunk)
    // After a line of the other stream it would become an empty line.
    if (rest > 0 && this.#lastStream === stream) parts.push({...wholeLine, stream, bytes: chunk.subarray(0, rest), shown: ''})
    for (const cut of cutter.take(chunk)) this.#read(stream, cut, parts)
    if (chunk.length > 0) this.#lastStream = stream
    return parts
  }

  /** The parts without a line end. Call it last. */
  end(): readonly OutputPart[] {
    const parts: OutputPart[] = []
    for (const stream of ['stdout', 'stderr'] as const) {
      for (const cut of this.#cutters[stream].end()) this.#read(stream, cut, parts)
    }
    return parts
  }

  #read(stream: OutputStream, cut: Cut, parts: OutputPart[]): void {
    if (cut.isContinued) this.#continueLine(stream, cut, parts)
    else if (cut.isOpen) this.#beginLine(stream, cut.bytes, parts)
    else if (!hasCommandSign(cut.bytes)) parts.push({...wholeLine, stream, bytes: cut.bytes})
    else for (const lines of smallerPieces(cut.bytes, textSize)) this.#readLines(stream, lines, parts)
  }

  #readLines(stream: OutputStream, lines: Buffer, parts: OutputPart[]): void {
    let end = 0
    for (const start of linesLikeCommands(lines)) {
      if (start > end) parts.push({...wholeLine, stream, bytes: lines.subarray(end, start)})
      const rest = lines.subarray(start)
      end = start + (firstLineEnd(rest) || rest.length)
      this.#readLine(stream, lines.subarray(start, end), parts)
    }
    if (end < lines.length) parts.push({...wholeLine, stream, bytes: lines.subarray(end)})
  }

  #readLine(stream: OutputStream, bytes: Buffer, parts: OutputPart[]): void {
    const text = withoutLineEnd(bytes).toString()
    const meaning = this.#interpreter.read(text)
    this.#report(meaning)
    const shown = this.#shownText(meaning) ?? text
    parts.push({...wholeLine, stream, bytes: meaning.kind === 'mask' ? announcement('::add-mask::', bytes) : bytes, shown})
    parts.push(...this.#notes(stream, meaning))
  }

  /** Reads the first piece of a long line. */
  #beginLine(stream: OutputStream, bytes: Buffer, parts: OutputPart[]): void {
    const line = this.#longLines[stream]
    const text = mayHaveCommand(bytes) ? bytes.toString() : ''
    const read = this.#interpreter.read(text)
    const meaning = read.kind === 'output' ? tooLongOutput : read
    this.#report(meaning)
    const shown = this.#shownText(meaning)
    line.rest = meaning.kind === 'mask' ? 'dropped' : shown === '' ? 'hidden' : 'shown'
    line.hasHadCommand = read.kind !== 'text' || text.includes(bracketSign)
    line.notes = this.#notes(stream, meaning)
    const printed = meaning.kind === 'mask' ? announcement('::add-mask::', bytes) : bytes
    parts.push({stream, bytes: printed, isContinued: false, isOpen: true, shown})
  }

  /** Reads a further piece of a long line: text, except for an announced secret. */
  #continueLine(stream: OutputStream, {bytes, isOpen}: Cut, parts: OutputPart[]): void {
    const line = this.#longLines[stream]
    const piece = {stream, isContinued: true, isOpen}
    const bracket = line.hasHadCommand ? -1 : bytes.indexOf(bracketSign)
    line.hasHadCommand ||= bracket >= 0
    const meaning = this.#interpreter.read(bracket < 0 ? '' : withoutLineEnd(bytes.subarray(bracket)).toString())
    if (meaning.kind === 'mask') {
      this.#report(meaning)
      line.rest = 'dropped'
      parts.push({...piece, isOpen: true, bytes: bytes.subarray(0, bracket)})
      parts.push({...piece, bytes: announcement('##[add-mask]', bytes), shown: ''})
    } else if (line.rest === 'dropped') parts.push({...piece, bytes: lineEndOf(bytes), shown: ''})
    else parts.push({...piece, bytes, shown: line.rest === 'hidden' ? '' : undefined})
    if (!isOpen) {
      parts.push(...line.notes)
      Object.assign(line, newLine())
    }
  }

  #report(meaning: LineMeaning): void {
    if (meaning.kind !== 'text') this.#options.onMeaning(meaning)
  }

  /** The text shown instead of a line; `undefined` if the line is shown as printed. */
  #shownText(meaning: LineMeaning): string | undefined {
    switch (meaning.kind) {
      case 'text':
      case 'refused':
        return undefined
      case 'annotation':
        return annotationText(meaning.annotation)
      case 'group':
        return `▸ ${meaning.title}`
      case 'debug':
        return this.#options.isDebug ? `Debug: ${meaning.message}` : ''
      case 'mask':
      case 'output':
      case 'nothing':
        return ''
      default:
        return unreachable(meaning)
    }
  }

  /** Notes about a refused command, each at most once in an attempt. */
  #notes(stream: OutputStream, meaning: LineMeaning): readonly OutputPart[] {
    if (meaning.kind !== 'refused') return []
    const shown = `[pwsh-pool: ${meaning.command} has no effect: ${meaning.hint}]`
    if (this.#givenNotes.has(shown)) return []
    this.#givenNotes.add(shown)
    return [{...wholeLine, stream, bytes: nothing, shown}]
  }
}

const wholeLine = {isContinued: false, isOpen: false} as const

const newLine = (): LongLine => ({rest: 'shown', hasHadCommand: false, notes: []})

const bracketSign = '##['
const nothing = Buffer.alloc(0)

const tooLongOutput: LineMeaning = {
  kind: 'refused',
  command: 'set-output',
  hint: 'the line is too long; write to the file $env:GITHUB_OUTPUT instead'
}

const lineEndOf = (line: Buffer): Buffer => line.subarray(withoutLineEnd(line).length)

/** The command with `***` in place of the announced value, and the line end of `line`. */
const announcement = (command: string, line: Buffer): Buffer => Buffer.concat([Buffer.from(command + mask), lineEndOf(line)])
