import type {Task} from '../model/task.ts'
import {hashOf} from '../text/portable-content.ts'
import {recentDurations} from './expected-durations.ts'
import type {Timings} from './timings.ts'

/** A hash of those recorded durations of `tasks` that a plan uses, with the keys, in declared order; `undefined` if there are none. */
export function hashTimings(tasks: readonly Task[], timings: Timings): string | undefined {
  const used = tasks.flatMap(({key}) => {
    const durations = recentDurations(timings, key)
    return durations.length === 0 ? [] : [key, durations.join()]
  })
  return used.length === 0 ? undefined : hashOf(used)
}
