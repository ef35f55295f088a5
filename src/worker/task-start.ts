import type {OutputStream} from '../model/output-listener.ts'
import type {Assignment} from './task-worker.ts'

/**
 * Orders the beginning of a task and its output. `started` and the output arrive on different channels, so either may come first: output waits for
 * `started`.
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
    // From here on the output belongs to the task: `onStarted` must not take it for output of modules and setup.
    const waiting = this.#waiting
    this.#waiting = []
    assignment?.onStarted()
    for (const {stream, bytes} of waiting) void assignment?.onOutput(stream, bytes)
  }

  /** Passes on output of the task, or holds it until the task has begun. Returns what `onOutput` returns. */
  print(assignment: Assignment | undefined, stream: OutputStream, bytes: Buffer): Promise<void> | undefined {
    if (bytes.length === 0) return undefined
    if (this.#hasBegun) return assignment?.onOutput(stream, bytes)
    this.#waiting.push({stream, bytes})
    return undefined
  }
}
