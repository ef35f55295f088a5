import type {LateOutput, LeftByTask} from '../model/event.ts'
import type {OutputStream, SetupListener} from '../model/output-listener.ts'
import type {Task} from '../model/task.ts'
import {LastBytes} from './last-bytes.ts'

/** What is kept of it, in bytes: its end. */
export const leftOutputLimit = 64 * 1024

const lineFeed = 0x0a

/**
 * What comes through the pipes of a process that is over, printed by what it left running: its end, as whole lines of either stream in the order in
 * which they were completed.
 */
export class LeftOutput {
  readonly #listener: SetupListener | undefined
  readonly #close: () => void
  readonly #lines = new LastBytes(leftOutputLimit)
  readonly #unended: Record<OutputStream, LastBytes> = {stdout: new LastBytes(leftOutputLimit), stderr: new LastBytes(leftOutputLimit)}
  /** Of lines that were longer than what is kept. */
  #leftOut = 0
  #isHeld = true

  /** `listener` hears it as it is printed. `close` closes the pipes on our side. */
  constructor(listener: SetupListener | undefined, close: () => void) {
    this.#listener = listener
    this.#close = close
  }

  /** Takes the next chunk of a stream. */
  take(stream: OutputStream, chunk: Buffer): void {
    void this.#listener?.receive(stream, chunk)
    const end = chunk.lastIndexOf(lineFeed) + 1
    if (end > 0) this.#keep(stream, chunk.subarray(0, end))
    if (end < chunk.length) this.#unended[stream].add(chunk.subarray(end))
  }

  /** Nobody holds the pipes any more. */
  end(): void {
    this.#isHeld = false
  }

  /** Closes the pipes. Gives what came through them. */
  close(): LateOutput {
    const wasHeld = this.#isHeld
    this.#close()
    const isBothUnended = this.#unended.stdout.bytes.length > 0 && this.#unended.stderr.bytes.length > 0
    this.#keep('stdout', isBothUnended ? Buffer.of(lineFeed) : nothing)
    this.#keep('stderr', nothing)
    const {bytes, leftOut} = this.#lines
    // The first line that is kept may be the end of one.
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

const nothing: Buffer = Buffer.alloc(0)

/** How many tasks' pipes are kept open: beyond that, those of the first are closed. */
export const mostLeft = 200

/** What all tasks of a run left running prints, until it is closed. */
export class LeftOutputs {
  readonly #open: {readonly task: Task; readonly output: LeftOutput}[] = []
  readonly #closed: LeftByTask[] = []

  /** Takes one more, in the order in which the tasks ended. */
  add(task: Task, output: LeftOutput): void {
    this.#open.push({task, output})
    if (this.#open.length > mostLeft) this.#closeOne()
  }

  /** Closes all. Those through whose pipes nothing came and that nobody holds any more are left out. */
  close(): readonly LeftByTask[] {
    while (this.#open.length > 0) this.#closeOne()
    return this.#closed.splice(0)
  }

  #closeOne(): void {
    const first = this.#open.shift()
    if (first === undefined) return
    const output = first.output.close()
    if (output.size > 0 || output.wasHeld) this.#closed.push({task: first.task, output})
  }
}
