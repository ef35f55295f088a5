import {maxKeyValueBytes} from '../file-commands/task-files.ts'
import {NameTable} from '../model/name-table.ts'
import type {OutputFindings, OutputListener, OutputPart, OutputStream, RecordPart} from '../model/output-listener.ts'
import type {CommandMode} from '../model/settings.ts'
import {LastBytes} from '../spool/last-bytes.ts'
import {eventLoopTurn} from '../system/event-loop.ts'
import type {Masker} from '../text/masker.ts'
import {AttemptAnnotations} from '../workflow-commands/attempt-annotations.ts'
import type {LineMeaning} from '../workflow-commands/interpreter.ts'
import {PartReader} from './part-reader.ts'
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
  /** Is given all that is heard, part after part. */
  readonly record: RecordPart
  /** Shows lines as they come, each with `\n` at its end; `undefined` where they are shown when the attempt is over. Never rejects. */
  readonly print: ((lines: ShownLines) => Promise<void>) | undefined
}

/** How much of the end of standard error is kept, in bytes: a few lines. */
const keptOfError = 1024

/** Bytes of standard error that are not read yet, and what standard output brought after them. */
interface HeldError {
  readonly chunk: Buffer
  readonly after: OutputPart[]
}

/**
 * Listens to one attempt: hears commands the moment they are printed, whichever stream they come on, and shows lines at once if asked to. A value
 * that is announced on standard output is often printed on standard error next, by the tool that uses it. Nobody can tell in which order two
 * pipes were written, so what standard error brings is shown a turn of the event loop later: what standard output held by then has been heard.
 */
export class AttemptListener implements OutputListener {
  readonly #options: ListenerOptions
  readonly #reader: PartReader
  readonly #shown: ShownOutput
  readonly #outputs = new NameTable<string>(true)
  readonly #annotations = new AttemptAnnotations()
  readonly #standardError = new LastBytes(keptOfError)
  #outputSize = 0
  #held: HeldError[] = []
  #printed: Promise<void> | undefined

  constructor(options: ListenerOptions) {
    this.#options = options
    const {masker, isDebug, mode} = options
    this.#reader = new PartReader({mode, isDebug, onMeaning: meaning => this.#heed(meaning)})
    this.#shown = new ShownOutput(masker)
  }

  get isRecorded(): boolean {
    return this.#options.isRecorded
  }

  receive(stream: OutputStream, chunk: Buffer): Promise<void> | undefined {
    if (stream === 'stderr') this.#standardError.add(chunk)
    if (stream === 'stderr' && this.#options.print !== undefined) return this.#receiveError(chunk)
    const parts = this.#reader.take(stream, chunk)
    const held = this.#held.at(-1)
    if (held === undefined) this.#tell(parts)
    // Its bytes are written over meanwhile.
    else held.after.push(...parts.map(part => (part.isOpen ? {...part, bytes: Buffer.from(part.bytes)} : part)))
    // Standard output is to be read on while standard error waits for it.
    return this.#held.length > 0 ? undefined : this.#printed
  }

  async finish(): Promise<OutputFindings> {
    this.#releaseHeld(this.#held.at(-1))
    this.#tell(this.#reader.end())
    await this.#printed
    this.#annotations.endOfStandardError = this.#standardError.lines
    this.#options.onAnnotations(this.#annotations)
    return {outputs: this.#outputs.toMap()}
  }

  async #receiveError(chunk: Buffer): Promise<void> {
    const held: HeldError = {chunk, after: []}
    this.#held.push(held)
    // As long as lines are not written, standard output is not read.
    await this.#printed
    await eventLoopTurn()
    this.#releaseHeld(held)
    await this.#printed
  }

  /** Tells of all that is held, up to `last` and what came after that. */
  #releaseHeld(last: HeldError | undefined): void {
    for (const {chunk, after} of this.#held.splice(0, last === undefined ? 0 : this.#held.indexOf(last) + 1)) {
      this.#tell([...this.#reader.take('stderr', chunk), ...after])
    }
  }

  /** All that they announce is known by now. */
  #tell(parts: readonly OutputPart[]): void {
    const {print, record} = this.#options
    for (const part of parts) record(part)
    if (print !== undefined) for (const lines of this.#shown.show(parts)) this.#printed = print(lines)
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
