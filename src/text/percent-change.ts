/** How a duration differs from the median that is recorded, such as `+23 %` or `−4 %`; `undefined` if that is 0. Both in milliseconds. */
export function percentChange(ms: number, medianMs: number): string | undefined {
  if (medianMs === 0) return undefined
  const percent = Math.round((ms / medianMs - 1) * 100)
  return `${percent < 0 ? '−' : '+'}${Math.abs(percent)} %`
}
