/** For each vertex those that it leads to. */
export type Graph = readonly (readonly number[])[]

/**
 * The strongly connected components of a graph, by Tarjan's algorithm: every component comes after those that it leads to.
 * Without recursion, since a chain of needs may be as long as the list.
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
