import {failure, type Result, success} from '../model/result.ts'

const unitMs = {h: 3_600_000, m: 60_000, s: 1000, ms: 1} as const
const grammar = /^(?:(?<h>\d+)h)?(?:(?<m>\d+)m)?(?:(?<s>\d+(?:\.\d+)?)s)?(?:(?<ms>\d+)ms)?$/
const seconds = /^\d+(?:\.\d+)?$/

/** The syntax of a duration, for messages. */
export const durationRule = 'a duration such as 500ms, 90s, 5m, 1h30m, or a number of seconds (0 for none)'

/** The longest duration, in milliseconds: 24 days, just under what a Node timer can wait (2^31-1 ms). */
export const maxDurationMs = 24 * 24 * 3_600_000

/** Parses `500ms`, `90s`, `5m`, `1h30m` or a number of seconds into milliseconds; the error is the broken rule. */
export function parseDuration(text: string): Result<number, string> {
  const ms = seconds.test(text) ? Number(text) * unitMs.s : sumOfParts(text)
  if (ms === undefined) return failure(durationRule)
  return ms <= maxDurationMs ? success(Math.round(ms)) : failure('a duration of at most 576h (24 days)')
}

function sumOfParts(text: string): number | undefined {
  const parts = text === '' ? undefined : grammar.exec(text)?.groups
  if (parts === undefined) return undefined
  return Object.entries(unitMs).reduce((sum, [unit, ms]) => sum + Number(parts[unit] ?? 0) * ms, 0)
}
