import type {Need} from './task.ts'

/** The part of a task that the graph needs. */
export interface NeedingTask {
  /** Position in the list, from 0. */
  readonly index: number
  readonly needs: readonly Pick<Need, 'tasks'>[]
}

/** Tasks that are needed together: the members of a group, or one task. */
export interface NeededTasks {
  /** Position in `NeedsGraph.needed`. */
  readonly position: number
  /** By index. */
  readonly tasks: readonly number[]
  /** The tasks that need all of these, by index, in declared order. */
  readonly dependents: readonly number[]
}

/**
 * Which tasks need which. A group of a thousand that a thousand need is one vertex between them, so there are two thousand edges and not a million.
 * Needs are one group if they have the same array of tasks.
 */
export class NeedsGraph {
  readonly needed: readonly NeededTasks[]
  readonly #needsOf: readonly (readonly NeededTasks[])[]
  readonly #partOf: readonly NeededTasks[][]

  /** `tasks`: a whole list. */
  constructor(tasks: readonly NeedingTask[]) {
    const known = new Map<readonly number[], NeededTasks & {readonly dependents: number[]}>()
    this.#partOf = tasks.map(() => [])
    this.#needsOf = tasks.map(({index, needs}) =>
      [...new Set(needs.map(need => need.tasks))].map(members => {
        const needed = known.get(members) ?? {position: known.size, tasks: members, dependents: []}
        if (!known.has(members)) {
          known.set(members, needed)
          for (const member of members) this.#partOf[member]?.push(needed)
        }
        needed.dependents.push(index)
        return needed
      })
    )
    this.needed = [...known.values()]
  }

  /** What a task needs. */
  needsOf(index: number): readonly NeededTasks[] {
    return this.#needsOf[index] ?? []
  }

  /** The groups that a task is a member of, its own included, if any task needs them. */
  partOf(index: number): readonly NeededTasks[] {
    return this.#partOf[index] ?? []
  }

  /**
   * Task indices by wave: tasks without needs, then those that need only these, and so on; in declared order within a wave. Tasks in a cycle, and
   * those that need them, are in none.
   */
  waves(): readonly (readonly number[])[] {
    const openTasks = this.needed.map(({tasks}) => tasks.length)
    const openNeeds = this.#needsOf.map(needs => needs.filter(({tasks}) => tasks.length > 0).length)
    const waves: (readonly number[])[] = []
    let wave = [...openNeeds.keys()].filter(index => openNeeds[index] === 0)
    while (wave.length > 0) {
      waves.push(wave)
      const next: number[] = []
      for (const {position, dependents} of wave.flatMap(index => this.partOf(index))) {
        if (decrement(openTasks, position) === 0) next.push(...dependents.filter(index => decrement(openNeeds, index) === 0))
      }
      wave = next.sort((a, b) => a - b)
    }
    return waves
  }

  /**
   * One cycle of needs for each strongly connected component, as indices of tasks: each needs the next, the last needs the first. A cycle begins with
   * the component's earliest task and is the shortest through it. Empty if every task can start.
   */
  cycles(): readonly (readonly number[])[] {
    // Tasks by index, then what is needed by position.
    const firstNeeded = this.#needsOf.length
    const graph = [...this.#needsOf.map(needs => needs.map(({position}) => firstNeeded + position)), ...this.needed.map(({tasks}) => tasks)]
    const cycles: (readonly number[])[] = []
    for (const component of componentsOf(graph)) {
      const start = component.reduce((lowest, vertex) => Math.min(lowest, vertex), graph.length)
      const path = shortestCycle(graph, start, new Set(component))
      if (path !== undefined) cycles.push(path.filter(vertex => vertex < firstNeeded))
    }
    return cycles.sort(([a = 0], [b = 0]) => a - b)
  }
}

function decrement(counts: number[], at: number): number {
  const count = (counts[at] ?? 0) - 1
  counts[at] = count
  return count
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
type Graph = readonly (readonly number[])[]

/**
 * The strongly connected components, by Tarjan's algorithm: each comes after those it leads to. Iterative, because a chain of needs may be as long as
 * the list.
 */
function componentsOf(graph: Graph): readonly (readonly number[])[] {
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
