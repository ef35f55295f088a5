import type {Need} from './task.ts'

/** The part of a task that the graph needs. */
export interface NeedingTask {
  /** Position in the list, from 0. */
  readonly index: number
  readonly needs: readonly Pick<Need, 'tasks'>[]
}

/**
 * Task indices by wave: tasks without needs, then those that need only these, and so on; in declared order within a wave. Precondition: no cycles.
 */
export function wavesOf(tasks: readonly NeedingTask[]): readonly (readonly number[])[] {
  const graph = graphOf(tasks)
  const levels: number[] = new Array(graph.length).fill(0)
  for (const component of componentsOf(graph)) {
    for (const vertex of component) {
      // To reach a task is a step, to reach a junction is none: it stands for tasks that are reached from it.
      const lengths = (graph[vertex] ?? []).map(to => (levels[to] ?? 0) + (to < tasks.length ? 1 : 0))
      levels[vertex] = lengths.reduce((longest, length) => Math.max(longest, length), 0)
    }
  }
  const waves: number[][] = []
  for (const {index} of tasks) {
    const level = levels[index] ?? 0
    const wave = waves[level]
    if (wave === undefined) waves[level] = [index]
    else wave.push(index)
  }
  return waves
}

/**
 * One cycle of needs for each strongly connected component, as indices of tasks: each needs the next, the last needs the first. A cycle begins with
 * the component's earliest task and is the shortest through it. Empty if every task can start.
 */
export function cyclesOf(tasks: readonly NeedingTask[]): readonly (readonly number[])[] {
  const graph = graphOf(tasks)
  const cycles: (readonly number[])[] = []
  for (const component of componentsOf(graph)) {
    const start = component.reduce((lowest, vertex) => Math.min(lowest, vertex), graph.length)
    const path = shortestCycle(graph, start, new Set(component))
    if (path !== undefined) cycles.push(path.filter(vertex => vertex < tasks.length))
  }
  return cycles.sort(([a = 0], [b = 0]) => a - b)
}

/** Vertices: tasks by index, then one junction for each needed group, so that 1,000 tasks that need 1,000 make 2,000 edges. */
function graphOf(tasks: readonly NeedingTask[]): Graph {
  const graph: (readonly number[])[] = []
  const junctions = new Map<readonly number[], number>()
  const groups: (readonly number[])[] = []
  for (const {needs} of tasks) {
    const successors = needs.map(({tasks: needed}) => {
      const [only] = needed
      if (needed.length === 1 && only !== undefined) return only
      const junction = junctions.get(needed) ?? tasks.length + groups.length
      if (!junctions.has(needed)) groups.push(needed)
      junctions.set(needed, junction)
      return junction
    })
    graph.push(successors)
  }
  return [...graph, ...groups]
}

function shortestCycle(graph: Graph, start: number, within: ReadonlySet<number>): readonly number[] | undefined {
  const cameFrom = new Map<number, number>()
  const queue = [start]
  for (const vertex of queue) {
    for (const next of graph[vertex] ?? []) {
      if (next === start) return pathTo(vertex, start, cameFrom)
      if (!within.has(next) || cameFrom.has(next)) continue
      cameFrom.set(next, vertex)
      queue.push(next)
    }
  }
  return undefined
}

function pathTo(end: number, start: number, cameFrom: ReadonlyMap<number, number>): readonly number[] {
  const path: number[] = [end]
  for (let at = end; at !== start; ) {
    at = cameFrom.get(at) ?? start
    path.push(at)
  }
  return path.reverse()
}

/** Successors by vertex. */
export type Graph = readonly (readonly number[])[]

/**
 * The strongly connected components, by Tarjan's algorithm: each comes after those it leads to. Iterative, because a chain of needs may be as long as
 * the list.
 */
export function componentsOf(graph: Graph): readonly (readonly number[])[] {
  const components: number[][] = []
  const order: number[] = new Array(graph.length).fill(-1)
  const lowest: number[] = new Array(graph.length).fill(-1)
  const isOpen: boolean[] = new Array(graph.length).fill(false)
  const open: number[] = []
  let visited = 0

  function enter(vertex: number, path: {vertex: number; next: number}[]): void {
    order[vertex] = visited
    lowest[vertex] = visited
    visited++
    isOpen[vertex] = true
    open.push(vertex)
    path.push({vertex, next: 0})
  }

  function lower(vertex: number, to: number | undefined): void {
    lowest[vertex] = Math.min(lowest[vertex] ?? 0, to ?? 0)
  }

  function close(root: number): void {
    const component = open.splice(open.lastIndexOf(root))
    for (const vertex of component) isOpen[vertex] = false
    components.push(component)
  }

  for (const start of graph.keys()) {
    if (order[start] !== -1) continue
    const path: {vertex: number; next: number}[] = []
    enter(start, path)
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const successor = graph[at.vertex]?.[at.next++]
      if (successor === undefined) {
        path.pop()
        const parent = path.at(-1)
        if (parent !== undefined) lower(parent.vertex, lowest[at.vertex])
        if (lowest[at.vertex] === order[at.vertex]) close(at.vertex)
      } else if (order[successor] === -1) enter(successor, path)
      else if (isOpen[successor] === true) lower(at.vertex, order[successor])
    }
  }
  return components
}
