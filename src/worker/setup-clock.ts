/** Calls `action` once after `ms` milliseconds, unless the returned function is called before. */
export type StartTimer = (ms: number, action: () => void) => () => void

const startNodeTimer: StartTimer = (ms, action) => {
  const timer = setTimeout(action, ms)
  return () => clearTimeout(timer)
}

/** Limits the time before a task: the start of the worker with modules and `setup`, and its preparation for the task. */
export class SetupClock {
  readonly #limitMs: number
  readonly #onOver: () => void
  readonly #startTimer: StartTimer
  #stopTimer = () => {}
  #isOver = false

  /** `limitMs`: 0 for none. `startTimer`: Node's, unless a test replaces it. */
  constructor(limitMs: number | undefined, onOver: () => void, startTimer: StartTimer = startNodeTimer) {
    this.#limitMs = limitMs ?? 0
    this.#onOver = onOver
    this.#startTimer = startTimer
  }

  /** `true` once the limit was exceeded. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Starts counting. */
  start(): void {
    this.stop()
    if (this.#limitMs === 0) return
    this.#stopTimer = this.#startTimer(this.#limitMs, () => {
      this.#isOver = true
      this.#onOver()
    })
  }

  stop(): void {
    this.#stopTimer()
  }
}
