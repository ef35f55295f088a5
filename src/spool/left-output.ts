import type {LateOutput, LeftByTask} from '../model/event.ts'
import type {OutputStream, SetupListener} from '../model/output-listener.ts'
import type {Task} from '../model/task.ts'
import {lineFeed} from '../text/line-ends.ts'
import {LastBytes} from './last-bytes.ts'

/** How much late output of one task is kept, in bytes: its end. */
export const leftOutputLimit = 64 * 1024

/**
 * Late output: what the processes that a task left running write to its pipes after its end. Keeps the end, as whole lines of both streams in the order
 * in which they were completed.
 */
export class LeftOutput {
  readonly #listener: SetupListener | undefined
  readonly #close: () => void
  readonly #lines = new LastBytes(leftOutputLimit)
  readonly #unended: Record<OutputStream, LastBytes> = {stdout: new LastBytes(leftOutputLimit), stderr: new LastBytes(leftOutputLimit)}
  /** Bytes left out of lines that are longer than the limit. */
  #leftOut = 0
  #isHeld = true

  /** `listener` receives the output as it arrives. `close` closes our ends of the pipes. */
  constructor(listener: SetupListener | undefined, close: () => void) {
    this.#listener = listener
    this.#close = close
  }

  /** Receives the next chunk of a stream. */
  take(stream: OutputStream, chunk: Buffer): void {
    void this.#listener?.receive(stream, chunk)
    const end = chunk.lastIndexOf(lineFeed) + 1
    if (end > 0) this.#keep(stream, chunk.subarray(0, end))
    if (end < chunk.length) this.#unended[stream].add(chunk.subarray(end))
  }

  /** Called when no process holds the pipes any more. */
  end(): void {
    this.#isHeld = false
  }

  /** Closes the pipes and returns what came through them. */
  close(): LateOutput {
    const wasHeld = this.#isHeld
    this.#close()
    const isBothUnended = this.#unended.stdout.bytes.length > 0 && this.#unended.stderr.bytes.length > 0
    this.#keep('stdout', isBothUnended ? Buffer.of(lineFeed) : nothing)
    this.#keep('stderr', nothing)
    const {bytes, leftOut} = this.#lines
    // The first line may have lost its beginning.
    const cut = leftOut > 0 ? bytes.indexOf(lineFeed) + 1 : 0
    const lines = bytes.subarray(cut < bytes.length ? cut : 0)
    return {
      size: lines.length,
      leftOut: this.#leftOut + leftOut + bytes.length - lines.length,
      wasHeld,
      async *chunks() {
        yield lines
      }
    }
  }

  #keep(stream: OutputStream, end: Buffer): void {
    const {bytes, leftOut} = this.#unended[stream]
    this.#unended[stream] = new LastBytes(leftOutputLimit)
    this.#leftOut += leftOut
    this.#lines.add(bytes)
    this.#lines.add(end)
  }
}

/** For late output that comes through no pipes of its own. */
export function unheldOutput(listener: SetupListener | undefined): LeftOutput {
  const output = new LeftOutput(listener, () => {})
  output.end()
  return output
}

const nothing: Buffer = Buffer.alloc(0)

/** How many tasks' pipes stay open. For one more, the oldest are closed. */
export const mostLeft = 200

/** The late output of all tasks of a run. */
export class LeftOutputs {
  readonly #open: {readonly task: Task; readonly output: LeftOutput}[] = []
  readonly #closed: LeftByTask[] = []
  readonly #stray: LeftOutput | undefined

  /** `stray`: what one of several tasks has printed, and it is not known which. */
  constructor(stray?: LeftOutput) {
    this.#stray = stray
  }

  /** Adds a task that has just ended. */
  add(task: Task, output: LeftOutput): void {
    this.#open.push({task, output})
    if (this.#open.length > mostLeft) this.#closeOne()
  }

  /** Closes all pipes. Leaves out tasks without late output whose pipes nobody holds. */
  close(): readonly LeftByTask[] {
    while (this.#open.length > 0) this.#closeOne()
    const stray = this.#stray?.close()
    if (stray !== undefined && stray.size > 0) this.#closed.push({task: undefined, output: stray})
    return this.#closed.splice(0)
  }

  #closeOne(): void {
    const first = this.#open.shift()
    if (first === undefined) return
    const output = first.output.close()
    if (output.size > 0 || output.wasHeld) this.#closed.push({task: first.task, output})
  }
}
