import {wavesOf} from '../model/needs-graph.ts'
import type {Task} from '../model/task.ts'

/** The part of a task that its place in the order depends on. */
export type OrderedTask = Pick<Task, 'index' | 'needs' | 'when'>

/**
 * The order in which ready tasks start, as indices: first those with the longest expected way to the end of the list, in declared order where ways
 * are equal. `expectedMs`: what each task is expected to take, by index. Precondition: no cycles of needs.
 */
export function startOrder(tasks: readonly OrderedTask[], expectedMs: readonly number[]): readonly number[] {
  const ways = longestWays(tasks, expectedMs)
  return tasks.map(({index}) => index).sort((a, b) => (ways[b] ?? 0) - (ways[a] ?? 0) || a - b)
}

/**
 * The longest expected way from the start of each task to the end of the list, by index: its own time and the longest way of those that need it. What
 * runs only after a failure is on nobody's way. A group of thousands may be needed by thousands, so it is gone through once for all.
 */
export function longestWays(tasks: readonly OrderedTask[], expectedMs: readonly number[]): readonly number[] {
  const ways = expectedMs.slice()
  // By the tasks that are needed together: the longest way of those that need them.
  const behind = new Map<readonly number[], number>()
  const partOf: (readonly number[])[][] = tasks.map(() => [])
  for (const {needs} of tasks) {
    for (const {tasks: needed} of needs) {
      if (behind.has(needed)) continue
      behind.set(needed, 0)
      for (const index of needed) partOf[index]?.push(needed)
    }
  }
  for (const index of wavesOf(tasks).toReversed().flat()) {
    const way = (expectedMs[index] ?? 0) + (partOf[index] ?? []).reduce((longest, needed) => Math.max(longest, behind.get(needed) ?? 0), 0)
    ways[index] = way
    const task = tasks[index]
    if (task === undefined || task.when === 'failure') continue
    for (const {tasks: needed} of task.needs) behind.set(needed, Math.max(behind.get(needed) ?? 0, way))
  }
  return ways
}
