/** What the runner cancels a step with: SIGINT and then SIGTERM, on Windows SIGINT and then SIGBREAK. */
const cancelling: readonly NodeJS.Signals[] = process.platform === 'win32' ? ['SIGINT', 'SIGBREAK'] : ['SIGINT', 'SIGTERM']

/** Calls `cancel` for every signal that cancels a step, until the returned function is called. */
export function onCancel(cancel: () => void): () => void {
  return onSignals(cancelling, cancel)
}

/** As `onCancel`, and for the end of the terminal too. */
export function onInterrupt(cancel: () => void): () => void {
  return onSignals([...cancelling, 'SIGHUP'], cancel)
}

function onSignals(signals: readonly NodeJS.Signals[], listener: () => void): () => void {
  for (const signal of signals) process.on(signal, listener)
  return () => {
    for (const signal of signals) process.off(signal, listener)
  }
}
