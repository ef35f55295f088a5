import type {Task} from '../model/task.ts'

/** The parts of a task that its shard depends on. */
export type ShardedTask = Pick<Task, 'index' | 'key' | 'needs' | 'locks' | 'isInEachShard'>

/** The task or lock that ties other tasks together. */
export type Join = {readonly kind: 'task'; readonly index: number} | {readonly kind: 'lock'; readonly name: string}

/**
 * Ties: sets of tasks that must be in one shard, as indices in declared order, sorted by their first task. Tasks are tied by `needs`, or by a lock
 * that allows one task at a time over all machines. Tasks with `shard: each` tie nothing and are in no tie.
 */
export function tiesOf(tasks: readonly ShardedTask[]): readonly (readonly number[])[] {
  return tiesAmong(
    tasks,
    tasks.filter(({isInEachShard}) => !isInEachShard)
  )
}

/** Most candidates that are tried as the join of a tie: those with the most neighbors. */
const maxTried = 4

/** Without the join, the largest remaining part must have at most this share of the tie. */
const largestPart = 0.75

/** The join of a tie: the one task or lock without which the largest remaining part is smallest; `undefined` if no single one splits the tie. */
export function joinOf(tie: readonly number[], tasks: readonly ShardedTask[]): Join | undefined {
  const members = tie.flatMap(index => tasks[index] ?? [])
  let best: {readonly join: Join; readonly largest: number} | undefined
  for (const join of likelyJoins(members)) {
    const largest = tiesAmong(tasks, members, join).reduce((size, part) => Math.max(size, part.length), 0)
    if (best === undefined || largest < best.largest) best = {join, largest}
  }
  return best === undefined || best.largest > tie.length * largestPart ? undefined : best.join
}

/** Whether the tasks of a lock have to be on one machine. */
const isTie = ({room, per}: Task['locks'][number]): boolean => room === 1 && per === 'all'

function likelyJoins(members: readonly ShardedTask[]): readonly Join[] {
  const neighbors = new Map<string, {readonly join: Join; count: number}>()
  const add = (join: Join, more: number) => {
    const id = join.kind === 'task' ? String(join.index) : `lock ${join.name}`
    const known = neighbors.get(id)
    if (known === undefined) neighbors.set(id, {join, count: more})
    else known.count += more
  }
  const dependents = new Map<readonly number[], number>()
  for (const {index, needs, locks} of members) {
    for (const {tasks: needed} of needs) {
      add({kind: 'task', index}, needed.length)
      dependents.set(needed, (dependents.get(needed) ?? 0) + 1)
    }
    for (const lock of locks) if (isTie(lock)) add({kind: 'lock', name: lock.name}, 1)
  }
  for (const [needed, count] of dependents) for (const index of needed) add({kind: 'task', index}, count)
  // The sort is stable, so what is declared first wins.
  return [...neighbors.values()]
    .sort((a, b) => b.count - a.count)
    .slice(0, maxTried)
    .map(({join}) => join)
}

/** The ties among `members`, computed as if `without` did not exist. */
function tiesAmong(tasks: readonly ShardedTask[], members: readonly ShardedTask[], without?: Join): readonly (readonly number[])[] {
  const isOut = (index: number) => without?.kind === 'task' && without.index === index
  const sets = new DisjointSets(tasks.length)
  const junctions = new Map<unknown, number>()
  const joinTo = (what: unknown, index: number) => {
    const junction = junctions.get(what)
    if (junction === undefined) junctions.set(what, index)
    else sets.join(junction, index)
  }
  const seen = new Set<readonly number[]>()
  for (const {index, needs, locks} of members) {
    if (isOut(index)) continue
    for (const {tasks: needed} of needs) {
      if (!seen.has(needed)) {
        seen.add(needed)
        for (const other of needed) if (tasks[other]?.isInEachShard === false && !isOut(other)) joinTo(needed, other)
      }
      // A group with no member in this tie joins nothing.
      const junction = junctions.get(needed)
      if (junction !== undefined) sets.join(junction, index)
    }
    for (const lock of locks) {
      if (isTie(lock) && !(without?.kind === 'lock' && without.name === lock.name)) joinTo(lock.name, index)
    }
  }
  const ties = new Map<number, number[]>()
  for (const {index} of members) {
    if (isOut(index)) continue
    const root = sets.rootOf(index)
    const tie = ties.get(root)
    if (tie === undefined) ties.set(root, [index])
    else tie.push(index)
  }
  return [...ties.values()]
}

/** Disjoint sets of whole numbers below a limit; at first each number is a set of its own. */
class DisjointSets {
  readonly #parents: Int32Array

  constructor(limit: number) {
    this.#parents = Int32Array.from({length: limit}, (_, index) => index)
  }

  rootOf(index: number): number {
    let root = index
    for (let parent = this.#parents[root] ?? root; parent !== root; parent = this.#parents[root] ?? root) {
      // Path halving: links every second element to its grandparent, so that paths stay short.
      this.#parents[root] = this.#parents[parent] ?? parent
      root = parent
    }
    return root
  }

  join(a: number, b: number): void {
    const [one, other] = [this.rootOf(a), this.rootOf(b)]
    this.#parents[Math.max(one, other)] = Math.min(one, other)
  }
}
