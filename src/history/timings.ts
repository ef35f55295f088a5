import type {RunRecord} from '../model/event.ts'

/** The recorded durations of one task. */
export interface TaskTimings {
  /** Durations of its last successful attempts, in milliseconds, the oldest first: at most `maxDurations`. */
  readonly durations: readonly number[]
  /** When the task was last in a run, in milliseconds since the epoch. */
  readonly seen: number
}

/** Recorded durations by task key. */
export type Timings = ReadonlyMap<string, TaskTimings>

/** No durations yet. */
export const noTimings: Timings = new Map()

/** Most durations that are recorded for a task. */
export const maxDurations = 10

/** The longest key that is recorded, in UTF-16 units. */
export const maxKeyLength = 1024

/**
 * The longest duration that is recorded, in milliseconds: far more than a job may take. A larger value can only come from a clock that was changed.
 */
export const maxDurationMs = 366 * 24 * 3_600_000

/** Most tasks in a timings file; beyond it, the tasks seen longest ago are dropped. */
export const maxTimedTasks = 200_000

/** How long a task that is in no run is kept, in milliseconds. */
const keptMs = 30 * 24 * 3_600_000

/**
 * `timings` with a run added that ended at `now`. The durations of its successful attempts follow the earlier ones of the task. Other tasks are kept
 * for 30 days. A task is not recorded if its key is too long or contains a secret, which `mask` changes.
 */
export function withRun(timings: Timings, {tasks}: RunRecord, now: number, mask: (text: string) => string): Timings {
  const next = new Map([...timings].filter(([, {seen}]) => now - seen <= keptMs))
  for (const {task, attempts} of tasks) {
    if (task.key.length > maxKeyLength || mask(task.key) !== task.key) continue
    const before = timings.get(task.key)?.durations ?? []
    const fresh = attempts
      .filter(({end}) => end.status === 'success')
      .map(({startedAt, endedAt}) => Math.min(Math.max(0, endedAt - startedAt), maxDurationMs))
    next.set(task.key, {durations: [...before, ...fresh].slice(-maxDurations), seen: now})
  }
  if (next.size <= maxTimedTasks) return next
  return new Map([...next].sort(([, a], [, b]) => b.seen - a.seen).slice(0, maxTimedTasks))
}

/** Fewest durations for a meaningful median. */
const leastSamples = 5

/** The usual duration of a task, in milliseconds: the median of its recorded durations; `undefined` if there are fewer than five. */
export function usualMs(timings: Timings, key: string): number | undefined {
  const durations = timings.get(key)?.durations ?? []
  return durations.length < leastSamples ? undefined : median(durations)
}

/** The median of whole numbers. For an even count, the mean of the middle two, rounded down so that sums stay exact; 0 for none. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : Math.floor(((sorted[middle - 1] ?? 0) + upper) / 2)
}
