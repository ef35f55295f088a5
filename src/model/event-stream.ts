import type {EventReader, PoolEvent} from './event.ts'

/**
 * Delivers every event to every reader, in order. A slow reader delays neither the pool nor other readers. A reader that throws (a bug, or a broken
 * stdout) still gets the later events, because others may wait for it; `drained` rejects with its error.
 */
export class EventStream {
  readonly #readers: readonly EventReader[]
  readonly #tails: Promise<void>[]
  #fault: {readonly error: unknown} | undefined

  constructor(readers: readonly EventReader[]) {
    this.#readers = readers
    this.#tails = readers.map(() => Promise.resolve())
  }

  /** Queues the event for every reader. Resolves when each has read it or has failed; never rejects. */
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

  /** Resolves when everything published has been read; rejects with the first error of a reader. */
  async drained(): Promise<void> {
    const ends = await Promise.allSettled(this.#tails)
    if (this.#fault !== undefined) throw this.#fault.error
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  }
}
