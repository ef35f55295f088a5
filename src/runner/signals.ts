import type {ListenForSignals} from './cancellation.ts'

/** What the runner cancels a step with. Source: actions/runner, src/Runner.Sdk/ProcessInvoker.cs (`SendSIGINT`, `SendSIGTERM`). */
export function cancelSignals(platform: NodeJS.Platform): readonly NodeJS.Signals[] {
  // There the second one is Ctrl-Break, which Node calls by this name.
  return platform === 'win32' ? ['SIGINT', 'SIGBREAK'] : ['SIGINT', 'SIGTERM']
}

/** Calls `onSignal` for every signal that cancels a step, until the returned function is called. */
export const onCancelSignal: ListenForSignals = onSignal => {
  const signals = cancelSignals(process.platform)
  for (const signal of signals) process.on(signal, onSignal)
  return () => {
    for (const signal of signals) process.off(signal, onSignal)
  }
}
