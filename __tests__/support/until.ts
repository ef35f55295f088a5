/** Resolves when the condition holds, which something else brings about; it is looked at every 20 ms. Rejects after a minute. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 60_000; !condition(); ) {
    if (Date.now() > deadline) throw new Error(`Waited a minute in vain until ${what}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
