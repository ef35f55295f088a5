import {failure, type Result, success} from '../model/result.ts'
import type {SlowLimit} from '../model/task.ts'
import {durationRule, parseDuration} from './duration.ts'

/** The syntax of a limit, for messages. */
export const slowRule = `${durationRule}, or a multiple of what is usual such as 3x (more than 1x, at most 1000x)`

const most = 1000
const multiple = /^(?<times>\d{1,9}(?:\.\d{1,9})?)x$/

/** Parses a duration, or `3x`. The error is the broken rule. */
export function parseSlow(text: string): Result<SlowLimit, string> {
  const times = multiple.exec(text)?.groups?.times
  if (times === undefined) {
    const ms = parseDuration(text)
    return ms.ok ? success({ms: ms.value}) : failure(slowRule)
  }
  return Number(times) > 1 && Number(times) <= most ? success({times: Number(times)}) : failure(slowRule)
}

/** What is wrong with `3x` where nothing is recorded. */
export const slowNeedsTimings = 'a multiple needs recorded durations: give "timings-file" too, or a duration such as 2m'
