/** Calls a function with all that is thrown where nothing catches it, in place of the end of the process. */
export type ListenForUncaught = (onFault: (error: unknown) => void) => void

/** Listens to the process. Node hands on rejections that nobody handles by the same event. */
export const onUncaught: ListenForUncaught = onFault => {
  process.on('uncaughtException', onFault)
}

/** What was thrown. */
export interface Fault {
  readonly error: unknown
}

/**
 * What is thrown where nothing catches it. It ends the run, and not the process: what has been done is still to be written down. The first one
 * counts, because those after it may well be its consequences.
 */
export class UncaughtFaults {
  readonly #listen: ListenForUncaught
  readonly #aborts = new Set<(error: unknown) => void>()
  #first: Fault | undefined
  #isReported = false

  constructor(listen: ListenForUncaught = onUncaught) {
    this.#listen = listen
  }

  /** Listens from now on, to the end of the process. */
  begin(): void {
    this.#listen(error => this.#onUncaught(error))
  }

  /** The first one, if there was one. */
  get first(): Fault | undefined {
    return this.#first
  }

  /** The first one, unless a run was broken off for it, whose reports tell of it. */
  get unreported(): Fault | undefined {
    return this.#isReported ? undefined : this.#first
  }

  /** Calls `abort` once for the first one, at once if it has come already, until the returned function is called. */
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
