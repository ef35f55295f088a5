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
import {searchableText, searchedEnd} from './searchable-text.ts'
import {type ShownLines, ShownOutput} from './shown-output.ts'

/** What an attempt listener does with the output that it receives. */
export interface ListenerOptions {
  /** Whether the output is recorded and read again after the attempt. */
  readonly isRecorded: boolean
  /** Whether the end of what is printed is asked for when the attempt is over; absent for no. */
  readonly isSearched?: boolean | undefined
  readonly mode: CommandMode
  readonly masker: Masker
  readonly isDebug: boolean
  /** Called with each announced secret, before any later output is shown. */
  readonly onMask: (value: string) => void
  /** Called once, at the end of the attempt, with what it asked to annotate. */
  readonly onAnnotations: (annotations: AttemptAnnotations) => void
  /** Called with every part, in order. */
  readonly record: RecordPart
  /** Shows lines as they arrive, each ending with `\n`; never rejects. `undefined` if they are shown only after the attempt. */
  readonly print: ((lines: ShownLines) => Promise<void>) | undefined
}

/** How much of the end of standard error is kept for the error annotation, in bytes. */
const keptOfError = 1024

/** A chunk of standard error that waits to be read, and the parts of standard output that arrived after it. */
interface HeldError {
  readonly chunk: Buffer
  readonly after: OutputPart[]
}

/**
 * Receives the output of one attempt, interprets its workflow commands as they arrive on either stream, and shows lines at once if `print` is given.
 *
 * A value that is announced as a secret on standard output is often printed on standard error next. The order of two pipes is unknown, so a chunk of
 * standard error is shown one turn of the event loop later: by then the mask that came before it has been read.
 */
export class AttemptListener implements OutputListener {
  readonly #options: ListenerOptions
  readonly #reader: PartReader
  readonly #shown: ShownOutput
  readonly #outputs = new NameTable<string>(true)
  readonly #annotations = new AttemptAnnotations()
  readonly #standardError = new LastBytes(keptOfError)
  readonly #ends: Readonly<Record<OutputStream, LastBytes>> | undefined
  #outputSize = 0
  #held: HeldError[] = []
  #printed: Promise<void> | undefined

  constructor(options: ListenerOptions) {
    this.#options = options
    const {masker, isDebug, mode} = options
    this.#reader = new PartReader({mode, isDebug, onMeaning: meaning => this.#applyMeaning(meaning)})
    this.#shown = new ShownOutput(masker)
    if (options.isSearched === true) this.#ends = {stdout: new LastBytes(searchedEnd), stderr: new LastBytes(searchedEnd)}
  }

  get isRecorded(): boolean {
    return this.#options.isRecorded
  }

  receive(stream: OutputStream, chunk: Buffer): Promise<void> | undefined {
    if (stream === 'stderr') this.#standardError.add(chunk)
    if (stream === 'stderr' && this.#options.print !== undefined) return this.#receiveError(chunk)
    const parts = this.#reader.take(stream, chunk)
    const held = this.#held.at(-1)
    if (held === undefined) this.#emit(parts)
    // The bytes of an open part are overwritten before the held chunk is released.
    else held.after.push(...parts.map(part => (part.isOpen ? {...part, bytes: Buffer.from(part.bytes)} : part)))
    // Held standard error waits for standard output, so this stream must not pause.
    return this.#held.length > 0 ? undefined : this.#printed
  }

  async finish(): Promise<OutputFindings> {
    this.#releaseHeld(this.#held.at(-1))
    this.#emit(this.#reader.end())
    await this.#printed
    this.#annotations.endOfStandardError = this.#standardError.lines
    this.#options.onAnnotations(this.#annotations)
    const {masker} = this.#options
    const lastPrinted = this.#ends && [searchableText(this.#ends.stdout, masker), searchableText(this.#ends.stderr, masker)]
    return {outputs: this.#outputs.toMap(), lastPrinted}
  }

  async #receiveError(chunk: Buffer): Promise<void> {
    const held: HeldError = {chunk, after: []}
    this.#held.push(held)
    // While lines are being written, standard output is paused and the mask may still be in its pipe.
    await this.#printed
    await eventLoopTurn()
    this.#releaseHeld(held)
    await this.#printed
  }

  /** Emits all held chunks up to `last`, and the parts that arrived after them. */
  #releaseHeld(last: HeldError | undefined): void {
    for (const {chunk, after} of this.#held.splice(0, last === undefined ? 0 : this.#held.indexOf(last) + 1)) {
      this.#emit([...this.#reader.take('stderr', chunk), ...after])
    }
  }

  /** Records and shows parts. Their masks have been applied already. */
  #emit(parts: readonly OutputPart[]): void {
    const {print, record} = this.#options
    for (const part of parts) record(part)
    // Not the chunks: in parts there is `***` where a secret was announced.
    if (this.#ends !== undefined) for (const {stream, bytes} of parts) this.#ends[stream].add(bytes)
    if (print !== undefined) for (const lines of this.#shown.show(parts)) this.#printed = print(lines)
  }

  #applyMeaning(meaning: LineMeaning): void {
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
