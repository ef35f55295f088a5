/** Calls `onFault` with every uncaught exception; the process no longer ends because of one. */
export type ListenForUncaught = (onFault: (error: unknown) => void) => void

/** Listens to `process`. Node reports unhandled rejections by the same event. */
const onUncaught: ListenForUncaught = onFault => {
  process.on('uncaughtException', onFault)
}

/** An uncaught exception. */
export interface Fault {
  readonly error: unknown
}

/**
 * Uncaught exceptions of the process. One aborts the run, not the process, so that results are still written. Only the first counts: later ones may
 * be its consequences.
 */
export class UncaughtFaults {
  readonly #listen: ListenForUncaught
  readonly #aborts = new Set<(error: unknown) => void>()
  #first: Fault | undefined
  #isReported = false

  constructor(listen: ListenForUncaught = onUncaught) {
    this.#listen = listen
  }

  /** Handles exceptions from now until the process ends. */
  begin(): void {
    this.#listen(error => this.#onUncaught(error))
  }

  /** The first exception, if any. */
  get first(): Fault | undefined {
    return this.#first
  }

  /** The first exception, unless it aborted a run, which reports it. */
  get unreported(): Fault | undefined {
    return this.#isReported ? undefined : this.#first
  }

  /** Calls `abort` once, for the first exception, including an earlier one, until the returned function is called. */
  readonly onFault = (abort: (error: unknown) => void): (() => void) => {
    this.#aborts.add(abort)
    if (this.#first !== undefined) this.#abortRun(abort, this.#first)
    return () => {
      this.#aborts.delete(abort)
    }
  }

  #onUncaught(error: unknown): void {
    if (this.#first !== undefined) return
    this.#first = {error}
    for (const abort of this.#aborts) this.#abortRun(abort, this.#first)
  }

  #abortRun(abort: (error: unknown) => void, {error}: Fault): void {
    this.#isReported = true
    abort(error)
  }
}
