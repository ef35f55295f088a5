import type {ListenForSignals} from './cancellation.ts'

/** What the runner cancels a step with: SIGINT and then SIGTERM, on Windows SIGINT and then SIGBREAK. */
const cancelling: readonly NodeJS.Signals[] = process.platform === 'win32' ? ['SIGINT', 'SIGBREAK'] : ['SIGINT', 'SIGTERM']

/** Calls `onSignal` for every signal that cancels a step, until the returned function is called. */
export const onCancelSignal: ListenForSignals = onSignal => {
  for (const signal of cancelling) process.on(signal, onSignal)
  return () => {
    for (const signal of cancelling) process.off(signal, onSignal)
  }
}
