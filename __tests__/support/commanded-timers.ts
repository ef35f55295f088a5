import type {StartTimer} from '../../src/worker/setup-clock.ts'

/** Timers whose time is over when the test says so. */
export class CommandedTimers {
  readonly #running = new Set<{readonly ms: number; readonly action: () => void}>()

  /** Milliseconds of those that have been started and neither stopped nor struck, in the order of their start. */
  get running(): readonly number[] {
    return [...this.#running].map(({ms}) => ms)
  }

  readonly start: StartTimer = (ms, action) => {
    const timer = {ms, action}
    this.#running.add(timer)
    return () => this.#running.delete(timer)
  }

  /** The time of all that run is over. */
  strike(): void {
    const struck = [...this.#running]
    this.#running.clear()
    for (const {action} of struck) action()
  }
}
