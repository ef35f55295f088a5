import type {EventReader, PoolEvent} from './event.ts'

/**
 * Hands every event to every reader, in order. A slow reader holds up neither the pool nor the other readers.
 * A reader that fails is a bug or a broken stdout: its error comes out of `drained`. It is given the later events all the same, because those who
 * wait for it would wait for ever.
 */
export class EventStream {
  readonly #readers: readonly EventReader[]
  readonly #tails: Promise<void>[]
  #fault: {readonly error: unknown} | undefined

  constructor(readers: readonly EventReader[]) {
    this.#readers = readers
    this.#tails = readers.map(() => Promise.resolve())
  }

  /** Queues the event for all. Resolves when each reader is done with it or has failed; never rejects. */
  async publish(event: PoolEvent): Promise<void> {
    for (const [i, read] of this.#readers.entries()) {
      const next = () => read(event)
      const last = this.#tails[i] ?? Promise.resolve()
      this.#tails[i] = last.then(next, error => {
        this.#fault ??= {error}
        return next()
      })
    }
    await Promise.allSettled(this.#tails)
  }

  /** Resolves when all that was published is read; rejects then with the first error of a reader. */
  async drained(): Promise<void> {
    const ends = await Promise.allSettled(this.#tails)
    if (this.#fault !== undefined) throw this.#fault.error
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  }
}
