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
  readonly #breaks = new Set<(error: unknown) => void>()
  #first: Fault | undefined
  #isTold = false

  constructor(listen: ListenForUncaught = onUncaught) {
    this.#listen = listen
  }

  /** Listens from now on, to the end of the process. */
  begin(): void {
    this.#listen(error => this.#hear(error))
  }

  /** The first one, if there was one. */
  get first(): Fault | undefined {
    return this.#first
  }

  /** The first one, unless a run was broken off for it, whose reports tell of it. */
  get untold(): Fault | undefined {
    return this.#isTold ? undefined : this.#first
  }

  /** Calls `breakOff` once for the first one, at once if it has come already, until the returned function is called. */
  readonly onFault = (breakOff: (error: unknown) => void): (() => void) => {
    this.#breaks.add(breakOff)
    if (this.#first !== undefined) this.#tell(breakOff, this.#first)
    return () => {
      this.#breaks.delete(breakOff)
    }
  }

  #hear(error: unknown): void {
    if (this.#first !== undefined) return
    this.#first = {error}
    for (const breakOff of this.#breaks) this.#tell(breakOff, this.#first)
  }

  #tell(breakOff: (error: unknown) => void, {error}: Fault): void {
    this.#isTold = true
    breakOff(error)
  }
}
