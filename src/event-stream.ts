import type {EventReader, PoolEvent} from './event.ts'

/**
 * Hands every event to every reader, in order. A slow reader holds up neither the pool nor the other readers.
 * A reader that fails is a bug or a broken stdout: its error comes out of `drained`, and the others go on.
 */
export class EventStream {
  readonly #readers: readonly EventReader[]
  readonly #tails: Promise<void>[]

  constructor(readers: readonly EventReader[]) {
    this.#readers = readers
    this.#tails = readers.map(() => Promise.resolve())
  }

  /** Queues the event for all. Resolves when each reader is done with it or has failed; never rejects. */
  async publish(event: PoolEvent): Promise<void> {
    const done = this.#readers.map((read, i) => (this.#tails[i] ?? Promise.resolve()).then(() => read(event)))
    done.forEach((promise, i) => {
      this.#tails[i] = promise
    })
    await Promise.allSettled(done)
  }

  /** Resolves when all that was published is read; rejects with the first error of a reader, whose later events went unread. */
  async drained(): Promise<void> {
    await Promise.all(this.#tails)
  }
}
