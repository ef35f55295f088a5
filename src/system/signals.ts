/** Calls a function for every signal that ends a run early, until the returned function is called. */
export type ListenForSignals = (onSignal: () => void) => () => void

/** What the runner cancels a step with. Source: actions/runner, src/Runner.Sdk/ProcessInvoker.cs (`SendSIGINT`, `SendSIGTERM`). */
export function cancelSignals(platform: NodeJS.Platform): readonly NodeJS.Signals[] {
  // There the second one is Ctrl-Break, which Node calls by this name.
  return platform === 'win32' ? ['SIGINT', 'SIGBREAK'] : ['SIGINT', 'SIGTERM']
}

/** Listens for what cancels a step. */
export const onCancelSignal: ListenForSignals = onSignal => listen(cancelSignals(process.platform), onSignal)

/** The same, and for the end of the terminal too. */
export const onInterrupt: ListenForSignals = onSignal => listen([...cancelSignals(process.platform), 'SIGHUP'], onSignal)

function listen(signals: readonly NodeJS.Signals[], onSignal: () => void): () => void {
  for (const signal of signals) process.on(signal, onSignal)
  return () => {
    for (const signal of signals) process.off(signal, onSignal)
  }
}
