/** Bounds what a worker does before a task: its start, with modules and `setup`, and what it prepares for the task. */
export class SetupClock {
  readonly #limitMs: number
  readonly #onOver: () => void
  #timer: NodeJS.Timeout | undefined
  #isOver = false

  /** `limitMs`: 0 for none. */
  constructor(limitMs: number | undefined, onOver: () => void) {
    this.#limitMs = limitMs ?? 0
    this.#onOver = onOver
  }

  /** Whether it has struck. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Runs from now on. */
  start(): void {
    this.stop()
    if (this.#limitMs === 0) return
    this.#timer = setTimeout(() => {
      this.#isOver = true
      this.#onOver()
    }, this.#limitMs)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}
