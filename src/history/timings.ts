import type {RunRecord} from '../model/event.ts'

/** What is recorded of one task. */
export interface TaskTimings {
  /** Of its last successful attempts, in milliseconds, the oldest first: at most `maxDurations`. */
  readonly durations: readonly number[]
  /** When a run last had the task, in milliseconds since the epoch. */
  readonly seen: number
}

/** What is recorded of tasks, by key. */
export type Timings = ReadonlyMap<string, TaskTimings>

/** No durations yet. */
export const noTimings: Timings = new Map()

/** Durations that are kept of a task. */
export const maxDurations = 10

/** The longest key that is recorded, in UTF-16 units. */
export const maxKeyLength = 1024

/** The longest duration that is recorded, in milliseconds: far more than a job may take, and less than a clock that was set may make of it. */
export const maxDurationMs = 366 * 24 * 3_600_000

/** Tasks that a file of timings holds; of more, those that were not seen for longest are left out. */
export const maxTimedTasks = 200_000

/** How long a task that no run has had is kept, in milliseconds. */
const keptMs = 30 * 24 * 3_600_000

/**
 * `timings` after a run that ended `now`: each of its tasks has its successful attempts behind those before, and the others stay as they are, or are
 * left out after 30 days. Tasks whose key has a secret in it, which `mask` changes, or is too long, are
 * not recorded.
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

/** Fewest durations that make a median usual. */
const leastSamples = 5

/** What the task usually takes, in milliseconds: the median of its recorded durations; `undefined` for fewer than five. */
export function usualMs(timings: Timings, key: string): number | undefined {
  const durations = timings.get(key)?.durations ?? []
  return durations.length < leastSamples ? undefined : median(durations)
}

/** The middle of `numbers`, which are whole: of an even count the lower mean of the two in the middle, so that sums stay exact; 0 for none. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : Math.floor(((sorted[middle - 1] ?? 0) + upper) / 2)
}
