import {NameTable} from '../file-command/name-table.ts'
import {maxKeyValueBytes} from '../file-command/task-files.ts'
import type {Masker} from '../masker.ts'
import type {HeardOutput, OutputListener} from '../output-listener.ts'
import type {CommandMode} from '../settings.ts'
import {AttemptAnnotations} from './attempt-annotations.ts'
import {CommandInterpreter, type LineMeaning} from './interpreter.ts'
import {type Cut, LineCutter} from './line-cutter.ts'
import {hasCommandSign, mayHaveCommand} from './parse-command.ts'
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

type Stream = 'stdout' | 'stderr'

/** Listens to one attempt: hears commands the moment they are printed, whichever stream they come on, and shows lines at once if asked to. */
export class AttemptListener implements OutputListener {
  readonly #options: ListenerOptions
  readonly #cutters: Readonly<Record<Stream, LineCutter>>
  readonly #shown: Readonly<Record<Stream, ShownOutput>>
  readonly #outputs = new NameTable<string>(true)
  readonly #annotations = new AttemptAnnotations()
  #outputSize = 0
  #hasHeardMask = false
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
    for (const cut of this.#cutters[stream].take(chunk)) this.#hearCut(stream, cut)
    return this.#printed
  }

  safeEnd(bytes: Buffer): number {
    return safeEnd(bytes, this.#options.masker)
  }

  async finish(): Promise<HeardOutput> {
    for (const stream of ['stdout', 'stderr'] as const) {
      for (const cut of this.#cutters[stream].end()) this.#hearCut(stream, cut)
    }
    await this.#printed
    this.#options.onAnnotations(this.#annotations)
    return {outputs: this.#outputs.toMap(), hasCommandSigns: this.#hasCommandSigns}
  }

  #hearCut(stream: Stream, cut: Cut): void {
    const {print} = this.#options
    const hasCommandSigns = hasCommandSign(cut.bytes)
    // A sign that was cut through is in neither part of its line.
    this.#hasCommandSigns ||= hasCommandSigns || cut.isContinued || cut.isOpen
    if (print === undefined && !(hasCommandSigns && mayHaveCommand(cut.bytes))) {
      this.#shown[stream].pass(cut)
      return
    }
    for (const lines of this.#shown[stream].show({...cut, hasCommandSigns})) {
      if (print !== undefined && lines.length > 0) this.#printed = print(this.#hasHeardMask ? this.#maskedAgain(lines) : lines)
      this.#hasHeardMask = false
    }
  }

  // Lines before the one that announces a value were masked without it, and are shown after it is known.
  #maskedAgain(lines: ShownLines): string {
    return lines
      .toString()
      .split('\n')
      .map(line => this.#options.masker.mask(line))
      .join('\n')
  }

  #heed(meaning: LineMeaning): void {
    if (meaning.kind === 'mask') {
      this.#hasHeardMask = true
      this.#options.onMask(meaning.value)
    }
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
