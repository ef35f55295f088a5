import type {OutputStream} from '../model/output-listener.ts'
import type {Assignment} from './task-worker.ts'

/**
 * The beginning of a task in a worker's output. `started` and the output travel on different channels, so either may come first: output waits for
 * `started`, in order of arrival.
 */
export class TaskStart {
  #waiting: {readonly stream: OutputStream; readonly bytes: Buffer}[] = []
  #hasBegun = false

  get hasBegun(): boolean {
    return this.#hasBegun
  }

  /** Output that is waiting. */
  get waiting(): Buffer {
    return Buffer.concat(this.#waiting.map(({bytes}) => bytes))
  }

  /** Reports, once, that the task has begun, and passes on waiting output. */
  begin(assignment: Assignment | undefined): void {
    if (this.#hasBegun) return
    this.#hasBegun = true
    // It is the task's from here on: `onStarted` must not mistake it for output of modules and setup.
    const waiting = this.#waiting
    this.#waiting = []
    assignment?.onStarted()
    for (const {stream, bytes} of waiting) void assignment?.onOutput(stream, bytes)
  }

  /** Passes on output of the task, or lets it wait until the task has begun. Returns what `onOutput` returns. */
  print(assignment: Assignment | undefined, stream: OutputStream, bytes: Buffer): Promise<void> | undefined {
    if (bytes.length === 0) return undefined
    if (this.#hasBegun) return assignment?.onOutput(stream, bytes)
    this.#waiting.push({stream, bytes})
    return undefined
  }
}
