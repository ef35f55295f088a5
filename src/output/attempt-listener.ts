import {maxKeyValueBytes} from '../file-commands/task-files.ts'
import {NameTable} from '../model/name-table.ts'
import type {HeardOutput, OutputListener} from '../model/output-listener.ts'
import type {CommandMode} from '../model/settings.ts'
import {LastBytes} from '../recording/last-bytes.ts'
import {eventLoopTurn} from '../system/event-loop.ts'
import type {Masker} from '../text/masker.ts'
import {AttemptAnnotations} from '../workflow-commands/attempt-annotations.ts'
import {CommandInterpreter, type LineMeaning} from '../workflow-commands/interpreter.ts'
import {hasCommandSign, mayHaveCommand} from '../workflow-commands/parse-command.ts'
import {type Cut, LineCutter} from './line-cutter.ts'
import {safeEnd} from './safe-end.ts'
import {type ShownLines, ShownOutput} from './shown-output.ts'

/** What is done about what an attempt says in its output. */
export interface ListenerOptions {
  /** Whether what is heard is to be read once more when the attempt is over. */
  readonly isRecorded: boolean
  readonly mode: CommandMode
  readonly masker: Masker
  readonly isDebug: boolean
  /** Is given each value that nobody is to see from now on, before anything that comes after it is shown. */
  readonly onMask: (value: string) => void
  /** Is given, once the attempt is over, what is to be annotated. */
  readonly onAnnotations: (annotations: AttemptAnnotations) => void
  /** Shows lines as they come, each with `\n` at its end; `undefined` where they are shown when the attempt is over. Never rejects. */
  readonly print: ((lines: ShownLines) => Promise<void>) | undefined
}

/** How much of the end of standard error is kept, in bytes: a few lines. */
const keptOfError = 1024

type Stream = 'stdout' | 'stderr'

/** Bytes of standard error that are not shown yet, and the lines of standard output that came after them. */
interface HeldError {
  readonly chunk: Buffer
  readonly after: {readonly lines: ShownLines; readonly values: number}[]
}

/**
 * Listens to one attempt: hears commands the moment they are printed, whichever stream they come on, and shows lines at once if asked to. A value
 * that is announced on standard output is often printed on standard error next, by the tool that uses it. Nobody can tell in which order two
 * pipes were written, so what standard error brings is shown a turn of the event loop later: what standard output held by then has been heard.
 */
export class AttemptListener implements OutputListener {
  readonly #options: ListenerOptions
  readonly #cutters: Readonly<Record<Stream, LineCutter>>
  readonly #shown: Readonly<Record<Stream, ShownOutput>>
  readonly #outputs = new NameTable<string>(true)
  readonly #annotations = new AttemptAnnotations()
  readonly #standardError = new LastBytes(keptOfError)
  #outputSize = 0
  #held: HeldError[] = []
  #hasCommandSigns = false
  #printed: Promise<void> | undefined

  constructor(options: ListenerOptions) {
    this.#options = options
    const {masker, isDebug, mode} = options
    const interpreter = new CommandInterpreter(mode)
    const show = {interpreter, masker, isDebug, said: new Set<string>(), onMeaning: (meaning: LineMeaning) => this.#heed(meaning)}
    const cutter = () => new LineCutter(bytes => safeEnd(bytes, masker))
    this.#cutters = {stdout: cutter(), stderr: cutter()}
    this.#shown = {stdout: new ShownOutput(show), stderr: new ShownOutput(show)}
  }

  get isRecorded(): boolean {
    return this.#options.isRecorded
  }

  hear(stream: Stream, chunk: Buffer): Promise<void> | undefined {
    if (stream === 'stderr') this.#standardError.add(chunk)
    if (stream === 'stderr' && this.#options.print !== undefined) return this.#hearError(chunk)
    this.#hearChunk(stream, chunk)
    // Standard output is to be read on while standard error waits for it.
    return this.#held.length > 0 ? undefined : this.#printed
  }

  safeEnd(bytes: Buffer): number {
    return safeEnd(bytes, this.#options.masker)
  }

  async finish(): Promise<HeardOutput> {
    this.#showHeld(this.#held.at(-1))
    for (const stream of ['stdout', 'stderr'] as const) {
      for (const cut of this.#cutters[stream].end()) this.#hearCut(stream, cut)
    }
    await this.#printed
    this.#annotations.endOfStandardError = this.#standardError.lines
    this.#options.onAnnotations(this.#annotations)
    return {outputs: this.#outputs.toMap(), hasCommandSigns: this.#hasCommandSigns}
  }

  #hearChunk(stream: Stream, chunk: Buffer): void {
    for (const cut of this.#cutters[stream].take(chunk)) this.#hearCut(stream, cut)
  }

  async #hearError(chunk: Buffer): Promise<void> {
    const held: HeldError = {chunk, after: []}
    this.#held.push(held)
    // As long as lines are not written, standard output is not read.
    await this.#printed
    await eventLoopTurn()
    this.#showHeld(held)
    await this.#printed
  }

  /** Shows all that is held, up to `last` and what came after that. */
  #showHeld(last: HeldError | undefined): void {
    for (const held of this.#held.splice(0, last === undefined ? 0 : this.#held.indexOf(last) + 1)) {
      this.#hearChunk('stderr', held.chunk)
      for (const {lines, values} of held.after) this.#print(lines, values)
    }
  }

  #hearCut(stream: Stream, cut: Cut): void {
    const {print, masker} = this.#options
    const hasCommandSigns = hasCommandSign(cut.bytes)
    // A sign that was cut through is in neither part of its line.
    this.#hasCommandSigns ||= hasCommandSigns || cut.isContinued || cut.isOpen
    if (print === undefined && !(hasCommandSigns && mayHaveCommand(cut.bytes))) {
      this.#shown[stream].pass(cut)
      return
    }
    let values = masker.size
    for (const lines of this.#shown[stream].show({...cut, hasCommandSigns})) {
      if (lines.length > 0) this.#show(stream, lines, values)
      values = masker.size
    }
  }

  /** `values`: how many were known when the lines were masked. */
  #show(stream: Stream, lines: ShownLines, values: number): void {
    const held = stream === 'stdout' ? this.#held.at(-1) : undefined
    if (held === undefined) this.#print(lines, values)
    else held.after.push({lines, values})
  }

  // Lines before the one that announces a value were masked without it, and are shown after it is known.
  #print(lines: ShownLines, values: number): void {
    const {print, masker} = this.#options
    if (print !== undefined) this.#printed = print(values === masker.size ? lines : maskedAgain(lines, masker))
  }

  #heed(meaning: LineMeaning): void {
    if (meaning.kind === 'mask') this.#options.onMask(meaning.value)
    if (meaning.kind === 'annotation') this.#annotations.add(meaning.annotation)
    if (meaning.kind === 'output') this.#keepOutput(meaning.name, meaning.value)
  }

  #keepOutput(name: string, value: string): void {
    this.#outputSize += name.length + value.length
    if (this.#outputSize <= maxKeyValueBytes) this.#outputs.set(name, value)
    else
      this.#annotations.add({type: 'warning', message: `set-output: "${name}" is one too many, the limit is 16 MiB`, properties: new Map()})
  }
}

function maskedAgain(lines: ShownLines, masker: Masker): string {
  return lines
    .toString()
    .split('\n')
    .map(line => masker.mask(line))
    .join('\n')
}
