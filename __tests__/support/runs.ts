/** How often a property is tried: `usual`, or what `PWSH_POOL_RUNS` says, as `npm run soak` does. */
export function runs(usual: number): number {
  const asked = Number(process.env.PWSH_POOL_RUNS)
  return Number.isInteger(asked) && asked > 0 ? asked : usual
}
