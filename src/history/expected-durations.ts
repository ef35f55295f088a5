import type {Task} from '../model/task.ts'
import {median, type Timings} from './timings.ts'

/** The expected duration of a task. */
export interface ExpectedDuration {
  /** Whole milliseconds, from 0. */
  readonly ms: number
  /** Whether it comes from durations of the task itself. */
  readonly isKnown: boolean
}

/** Number of recent successes that count: older ones say little about the task as it is now. */
const recent = 5

/** The recorded durations of a task that count for its expected duration, the oldest first. */
export function recentDurations(timings: Timings, key: string): readonly number[] {
  return timings.get(key)?.durations.slice(-recent) ?? []
}

/**
 * The expected duration of each task: the third quartile of its last five successes, by nearest rank. A task without any gets the median of its
 * group, or else of all tasks. `undefined` if no task has any.
 */
export function expectedDurations(tasks: readonly Task[], timings: Timings): readonly ExpectedDuration[] | undefined {
  const known = tasks.map(({key}) => thirdQuartile(recentDurations(timings, key)))
  const all = known.filter(ms => ms !== undefined)
  if (all.length === 0) return undefined
  const groups = new Map<string, number[]>()
  for (const [index, {group}] of tasks.entries()) {
    const ms = known[index]
    if (group === undefined || ms === undefined) continue
    const members = groups.get(group)
    if (members === undefined) groups.set(group, [ms])
    else members.push(ms)
  }
  const ofAll = median(all)
  const ofGroups = new Map(Array.from(groups, ([group, members]) => [group, median(members)]))
  return tasks.map(({group}, index) => {
    const ms = known[index]
    if (ms !== undefined) return {ms, isKnown: true}
    return {ms: (group === undefined ? undefined : ofGroups.get(group)) ?? ofAll, isKnown: false}
  })
}

function thirdQuartile(numbers: readonly number[]): number | undefined {
  return numbers.toSorted((a, b) => a - b)[Math.ceil(numbers.length * 0.75) - 1]
}
