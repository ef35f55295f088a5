/** Calls `onSignal` for every signal that ends a run early, until the returned function is called. */
export type ListenForSignals = (onSignal: () => void) => () => void

/** The signals with which the runner cancels a step. Source: actions/runner, src/Runner.Sdk/ProcessInvoker.cs (`SendSIGINT`, `SendSIGTERM`). */
export function cancelSignals(platform: NodeJS.Platform): readonly NodeJS.Signals[] {
  // There the second one is Ctrl-Break, which Node calls by this name.
  return platform === 'win32' ? ['SIGINT', 'SIGBREAK'] : ['SIGINT', 'SIGTERM']
}

/** Listens for the runner's cancel signals. */
export const onCancelSignal: ListenForSignals = onSignal => listen(cancelSignals(process.platform), onSignal)

/** As `onCancelSignal`, and for the terminal being closed (SIGHUP). */
export const onInterrupt: ListenForSignals = onSignal => listen([...cancelSignals(process.platform), 'SIGHUP'], onSignal)

function listen(signals: readonly NodeJS.Signals[], onSignal: () => void): () => void {
  for (const signal of signals) process.on(signal, onSignal)
  return () => {
    for (const signal of signals) process.off(signal, onSignal)
  }
}
