import type {OutputStream} from '../recording/task-output.ts'
import type {Assignment} from './task-worker.ts'

/**
 * The place in a worker's life where its task begins. The word that it has begun comes on another way than what it prints, and either may come first:
 * what is printed waits for the word, in the order in which it came.
 */
export class TaskStart {
  #waiting: {readonly stream: OutputStream; readonly bytes: Buffer}[] = []
  #hasBegun = false

  get hasBegun(): boolean {
    return this.#hasBegun
  }

  /** What has been printed and waits. */
  get waiting(): Buffer {
    return Buffer.concat(this.#waiting.map(({bytes}) => bytes))
  }

  /** Tells that the task has begun, once, and hands on what has waited. */
  begin(assignment: Assignment | undefined): void {
    if (this.#hasBegun) return
    this.#hasBegun = true
    // It is the task's from here on: who is told that it has begun must not take it for what modules and setup printed.
    const waiting = this.#waiting
    this.#waiting = []
    assignment?.onStarted()
    for (const {stream, bytes} of waiting) void assignment?.onOutput(stream, bytes)
  }

  /** Hands on what the task has printed, as `onOutput` takes it; it waits where the task has not begun. */
  print(assignment: Assignment | undefined, stream: OutputStream, bytes: Buffer): Promise<void> | undefined {
    if (bytes.length === 0) return undefined
    if (this.#hasBegun) return assignment?.onOutput(stream, bytes)
    this.#waiting.push({stream, bytes})
    return undefined
  }
}
