import type {Task} from '../model/task.ts'
import {maxDurationMs} from '../text/duration.ts'

/** Fewest recorded durations by which a task is slow. */
const leastSamples = 5

/** When an attempt is slow. */
export interface SlowAfter {
  /** In milliseconds, at most `maxDurationMs`. */
  readonly afterMs: number
  /** What the task usually takes, in milliseconds; `undefined` for less than five recorded durations. */
  readonly usualMs: number | undefined
}

/** When an attempt of the task is slow; `undefined` for never. */
export function slowAfter({slow, recorded}: Pick<Task, 'slow' | 'recorded'>): SlowAfter | undefined {
  if (slow === undefined) return undefined
  const usualMs = recorded !== undefined && recorded.samples >= leastSamples ? recorded.medianMs : undefined
  if ('ms' in slow) return slow.ms === 0 ? undefined : {afterMs: slow.ms, usualMs}
  return usualMs === undefined ? undefined : {afterMs: Math.min(Math.round(usualMs * slow.times), maxDurationMs), usualMs}
}
