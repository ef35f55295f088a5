/** Calls a function once after so many milliseconds, unless the returned function is called before. */
export type StartTimer = (ms: number, action: () => void) => () => void

const startNodeTimer: StartTimer = (ms, action) => {
  const timer = setTimeout(action, ms)
  return () => clearTimeout(timer)
}

/** Bounds what a worker does before a task: its start, with modules and `setup`, and what it prepares for the task. */
export class SetupClock {
  readonly #limitMs: number
  readonly #onOver: () => void
  readonly #startTimer: StartTimer
  #stopTimer = () => {}
  #isOver = false

  /** `limitMs`: 0 for none. `startTimer`: that of Node unless a test has its own. */
  constructor(limitMs: number | undefined, onOver: () => void, startTimer: StartTimer = startNodeTimer) {
    this.#limitMs = limitMs ?? 0
    this.#onOver = onOver
    this.#startTimer = startTimer
  }

  /** Whether it has struck. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Runs from now on. */
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
