import {NeedsGraph} from '../model/needs-graph.ts'
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
 * The longest expected way from the start of each task to the end of the list, by index: its own time and the longest way of those that need it. A
 * task that runs only after a failure is not counted in the way of what it needs.
 */
export function longestWays(tasks: readonly OrderedTask[], expectedMs: readonly number[]): readonly number[] {
  const ways = expectedMs.slice()
  const graph = new NeedsGraph(tasks)
  // The longest way of those that need the same tasks.
  const behind = graph.needed.map(() => 0)
  for (const index of graph.waves().toReversed().flat()) {
    const way = (expectedMs[index] ?? 0) + graph.partOf(index).reduce((longest, {position}) => Math.max(longest, behind[position] ?? 0), 0)
    ways[index] = way
    if (tasks[index]?.when === 'failure') continue
    for (const {position} of graph.needsOf(index)) behind[position] = Math.max(behind[position] ?? 0, way)
  }
  return ways
}
