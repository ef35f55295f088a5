/** What the runner cancels a step with: SIGINT and then SIGTERM, on Windows SIGINT and then SIGBREAK. */
const cancelling: readonly NodeJS.Signals[] = process.platform === 'win32' ? ['SIGINT', 'SIGBREAK'] : ['SIGINT', 'SIGTERM']

/** Calls `cancel` for every signal that cancels a step, until the returned function is called. */
export function onCancel(cancel: () => void): () => void {
  for (const signal of cancelling) process.on(signal, cancel)
  return () => {
    for (const signal of cancelling) process.off(signal, cancel)
  }
}
