import type {ListenForSignals} from '../system/signals.ts'

/** Calls `action` after `ms` milliseconds, without keeping the process alive. */
export type CallAfter = (ms: number, action: () => void) => void

/**
 * Time after the first signal for which the log is waited for, in milliseconds. Every process has ended by then (`endingSchedule`); the rest of the
 * 6.5 s is for files, summary and reports. The runner sends its second signal after 7.5 s and its last after 10 s.
 */
export const logDeadlineMs = 5000

/**
 * Handles the signals of a step: the first cancels it, the second ends it at once; in both cases it still writes its results. Before `begin`, a
 * signal ends the process, because there are no results yet.
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

  /** Handles signals from now until the process ends. */
  begin(): void {
    this.#listen(() => this.#onSignal())
  }

  /** Whether a signal has arrived. */
  get isCancelled(): boolean {
    return this.#signals > 0
  }

  /** Aborted when the log is no longer waited for: `logDeadlineMs` after the first signal, or at the second. */
  get logDeadline(): AbortSignal {
    return this.#logDeadline.signal
  }

  /** Calls `cancel` for every signal, including earlier ones, until the returned function is called. */
  readonly onCancel = (cancel: () => void): (() => void) => {
    this.#cancels.add(cancel)
    for (let i = 0; i < this.#signals; i++) cancel()
    return () => {
      this.#cancels.delete(cancel)
    }
  }

  /** Calls `action` once, at the second signal, or at once if that has already arrived. */
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
