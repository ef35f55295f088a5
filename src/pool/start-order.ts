import {NeedsGraph} from '../model/needs-graph.ts'
import type {Task} from '../model/task.ts'

/** The parts of a task that its position in the start order depends on. */
export type OrderedTask = Pick<Task, 'index' | 'needs' | 'when'>

/**
 * The order in which ready tasks start, as indices: the task with the longest critical path to the end of the list first, in declared order if paths
 * are equal. `expectedMs`: expected duration of each task, by index. Precondition: no cycles of needs.
 */
export function startOrder(tasks: readonly OrderedTask[], expectedMs: readonly number[]): readonly number[] {
  const pathsMs = criticalPathsMs(tasks, expectedMs)
  return tasks.map(({index}) => index).sort((a, b) => (pathsMs[b] ?? 0) - (pathsMs[a] ?? 0) || a - b)
}

/**
 * The critical path of each task, by index: the longest expected time from its start to the end of the list. That is its own duration and the longest
 * critical path of the tasks that need it. Tasks that run only after a failure do not count.
 */
export function criticalPathsMs(tasks: readonly OrderedTask[], expectedMs: readonly number[]): readonly number[] {
  const pathsMs = expectedMs.slice()
  const graph = new NeedsGraph(tasks)
  // For each set of needed tasks, the longest critical path of the tasks that need it.
  const longestAfterMs = graph.needed.map(() => 0)
  for (const index of graph.waves().toReversed().flat()) {
    const pathMs =
      (expectedMs[index] ?? 0) + graph.partOf(index).reduce((longest, {position}) => Math.max(longest, longestAfterMs[position] ?? 0), 0)
    pathsMs[index] = pathMs
    if (tasks[index]?.when === 'failure') continue
    for (const {position} of graph.needsOf(index)) longestAfterMs[position] = Math.max(longestAfterMs[position] ?? 0, pathMs)
  }
  return pathsMs
}
