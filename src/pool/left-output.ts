import type {LateOutput, LeftByTask} from '../event.ts'
import type {SetupListener} from '../output-listener.ts'
import type {Task} from '../task.ts'
import type {OutputStream} from './task-output.ts'

/** What is kept of it, in bytes: its end. */
export const leftOutputLimit = 64 * 1024

const nothing: Buffer = Buffer.alloc(0)
const lineFeed = 0x0a

/**
 * What comes through the pipes of a process that is over, printed by what it left running: its end, as whole lines of either stream in the order in
 * which they were completed.
 */
export class LeftOutput {
  readonly #listener: SetupListener | undefined
  readonly #close: () => void
  readonly #unended: Record<OutputStream, Buffer> = {stdout: nothing, stderr: nothing}
  #lines = nothing
  #leftOut = 0
  #isHeld = true

  /** `listener` hears it as it is printed. `close` closes the pipes on our side. */
  constructor(listener: SetupListener | undefined, close: () => void) {
    this.#listener = listener
    this.#close = close
  }

  /** Takes the next bytes of a stream, which are lent until it returns. */
  take(stream: OutputStream, bytes: Buffer): void {
    void this.#listener?.hear(stream, bytes)
    const all = Buffer.concat([this.#unended[stream], bytes])
    const end = all.lastIndexOf(lineFeed) + 1
    this.#keep(all.subarray(0, end))
    const unended = all.subarray(end)
    this.#unended[stream] = unended.subarray(-leftOutputLimit)
    this.#leftOut += unended.length - this.#unended[stream].length
  }

  /** Nobody holds the pipes any more. */
  end(): void {
    this.#isHeld = false
  }

  /** Closes the pipes. Gives what came through them. */
  close(): LateOutput {
    const wasHeld = this.#isHeld
    this.#close()
    for (const stream of ['stdout', 'stderr'] as const) {
      this.#keep(this.#unended[stream])
      this.#unended[stream] = nothing
    }
    const lines = this.#lines
    return {
      size: lines.length,
      leftOut: this.#leftOut,
      wasHeld,
      async *chunks() {
        yield lines
      }
    }
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return
    const isLineOpen = this.#lines.length > 0 && this.#lines.at(-1) !== lineFeed
    const all = Buffer.concat([this.#lines, isLineOpen ? Buffer.of(lineFeed) : nothing, bytes])
    if (all.length <= leftOutputLimit) {
      this.#lines = all
      return
    }
    const end = all.subarray(-leftOutputLimit)
    const start = end.indexOf(lineFeed) + 1
    this.#lines = Buffer.from(start < end.length ? end.subarray(start) : end)
    this.#leftOut += all.length - this.#lines.length
  }
}

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
