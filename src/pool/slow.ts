import type {Task} from '../model/task.ts'
import {maxDurationMs} from '../text/duration.ts'

/** Fewest recorded durations from which `usualMs` is computed. */
const leastSamples = 5

/** The time after which an attempt counts as slow. */
export interface SlowAfter {
  /** In milliseconds, at most `maxDurationMs`. */
  readonly afterMs: number
  /** The usual duration of the task, in milliseconds; `undefined` if fewer than five durations are recorded. */
  readonly usualMs: number | undefined
}

/** The time after which an attempt of the task counts as slow; `undefined` for never. */
export function slowAfter({slow, recorded}: Pick<Task, 'slow' | 'recorded'>): SlowAfter | undefined {
  if (slow === undefined) return undefined
  const usualMs = recorded !== undefined && recorded.samples >= leastSamples ? recorded.medianMs : undefined
  if ('ms' in slow) return slow.ms === 0 ? undefined : {afterMs: slow.ms, usualMs}
  return usualMs === undefined ? undefined : {afterMs: Math.min(Math.round(usualMs * slow.times), maxDurationMs), usualMs}
}
