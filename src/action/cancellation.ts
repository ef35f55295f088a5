import type {ListenForSignals} from '../system/signals.ts'

/** Calls a function after so many milliseconds, if the process is still there. */
export type CallAfter = (ms: number, action: () => void) => void

/**
 * How long after the first signal the log may take its time, in milliseconds. By then every process is over (`endingSchedule`), and what is left
 * of the 6.5 s is for files, summary and reports: the runner's second signal comes after 7.5 s, its last after 10 s.
 */
export const logDeadlineMs = 5000

/**
 * What signals mean to a step: the first one cancels it, a second one ends it at once, and neither keeps it from writing down what has been done.
 * Until `begin` they end the process, as there is nothing to write down.
 */
export class Cancellation {
  readonly #listen: ListenForSignals
  readonly #callAfter: CallAfter
  readonly #logDeadline = new AbortController()
  readonly #cancels = new Set<() => void>()
  readonly #secondSignalActions: (() => void)[] = []
  #signals = 0

  constructor(listen: ListenForSignals, callAfter: CallAfter = (ms, action) => void setTimeout(action, ms).unref()) {
    this.#listen = listen
    this.#callAfter = callAfter
  }

  /** Listens from now on, to the end of the process. */
  begin(): void {
    this.#listen(() => this.#onSignal())
  }

  /** Whether a signal has come. */
  get isCancelled(): boolean {
    return this.#signals > 0
  }

  /** Aborted when there is no time left to wait for anybody who reads the log: some time after the first signal, or with the second. */
  get logDeadline(): AbortSignal {
    return this.#logDeadline.signal
  }

  /** Calls `cancel` for every signal, also for those that have come already, until the returned function is called. */
  readonly onCancel = (cancel: () => void): (() => void) => {
    this.#cancels.add(cancel)
    for (let i = 0; i < this.#signals; i++) cancel()
    return () => {
      this.#cancels.delete(cancel)
    }
  }

  /** Calls `action` once with the second signal, at once if it has come already. */
  onSecondSignal(action: () => void): void {
    if (this.#signals >= 2) action()
    else this.#secondSignalActions.push(action)
  }

  #onSignal(): void {
    this.#signals++
    if (this.#signals === 1) this.#callAfter(logDeadlineMs, () => this.#logDeadline.abort())
    if (this.#signals === 2) {
      this.#logDeadline.abort()
      for (const action of this.#secondSignalActions.splice(0)) action()
    }
    for (const cancel of this.#cancels) cancel()
  }
}
