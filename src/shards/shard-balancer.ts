import TinyQueue from 'tinyqueue'
import {type ShardedTask, tiesOf} from './ties.ts'

/** The part of a list that runs on one machine. */
export interface Shard {
  /** Indices in declared order. */
  readonly tasks: readonly number[]
  /** Sum of the weights of its tasks. */
  readonly work: number
}

/** Tasks that must be in one shard. */
export interface Tie {
  /** Indices in declared order. */
  readonly tasks: readonly number[]
  readonly work: number
}

/**
 * Splits a list into any number of shards. The same list and weights give the same shards on every machine: nothing depends on a clock, a locale or
 * the order of a map.
 */
export class ShardBalancer {
  /** Sorted by weight, the heaviest first; equal ones by their first key in ordinal order. */
  readonly ties: readonly Tie[]
  readonly #tasks: readonly ShardedTask[]
  readonly #weights: readonly number[]
  /** Tasks of `shard: each` that run in every shard, because no other task needs them. */
  readonly #everywhere: readonly number[]

  /** `weights`: whole numbers by task index. Each counts as at least 1; otherwise all tasks of no duration would go into one shard. */
  constructor(tasks: readonly ShardedTask[], weights: readonly number[]) {
    this.#tasks = tasks
    this.#weights = weights.map(weight => Math.max(1, weight))
    this.ties = tiesOf(tasks)
      .map(each => ({tasks: each, work: this.#sum(each), key: this.#firstKey(each)}))
      .sort((a, b) => b.work - a.work || (a.key < b.key ? -1 : 1))
    const needed = new EachShard(tasks, this.#weights)
    for (const {index, isInEachShard} of tasks) if (!isInEachShard) needed.addNeedsOf(index)
    this.#everywhere = tasks.filter(({index, isInEachShard}) => isInEachShard && !needed.has(index)).map(({index}) => index)
  }

  /** Splits the list into `count` shards, from 1. Each tie in turn goes to the shard with the least work, the first one if several are equal. */
  shards(count: number): readonly Shard[] {
    const open = Array.from({length: count}, (_, number) => {
      const each = new EachShard(this.#tasks, this.#weights)
      for (const index of this.#everywhere) each.add(index)
      return {number, each, tasks: [] as number[], work: each.work}
    })
    const queue = new TinyQueue(open, (a, b) => a.work - b.work || a.number - b.number)
    for (const tie of this.ties) {
      const shard = queue.pop()
      if (shard === undefined) break
      const before = shard.each.work
      for (const index of tie.tasks) {
        shard.tasks.push(index)
        shard.each.addNeedsOf(index)
      }
      shard.work += tie.work + shard.each.work - before
      queue.push(shard)
    }
    return open
      .toSorted((a, b) => a.number - b.number)
      .map(({each, tasks, work}) => ({tasks: [...tasks, ...each.tasks].sort((a, b) => a - b), work}))
  }

  /**
   * The tie whose shard has the most work even if it contains no other tie, together with the tasks of `shard: each` that the tie needs; `undefined`
   * for a list without ties.
   */
  heaviestAlone(): Tie | undefined {
    let heaviest: Tie | undefined
    for (const {tasks, work} of this.ties) {
      const each = new EachShard(this.#tasks, this.#weights)
      for (const index of this.#everywhere) each.add(index)
      for (const index of tasks) each.addNeedsOf(index)
      if (heaviest === undefined || work + each.work > heaviest.work) heaviest = {tasks, work: work + each.work}
    }
    return heaviest
  }

  #sum(tasks: readonly number[]): number {
    return tasks.reduce((sum, index) => sum + (this.#weights[index] ?? 0), 0)
  }

  #firstKey(tasks: readonly number[]): string {
    let first: string | undefined
    for (const index of tasks) {
      const key = this.#tasks[index]?.key ?? ''
      if (first === undefined || key < first) first = key
    }
    return first ?? ''
  }
}

/** Collects the tasks of `shard: each` that belong to one shard. */
class EachShard {
  readonly #tasks: readonly ShardedTask[]
  readonly #weights: readonly number[]
  readonly #added = new Set<number>()
  /** Needs that have been visited: thousands of tasks may need one group of thousands. */
  readonly #seen = new Set<readonly number[]>()
  work = 0

  constructor(tasks: readonly ShardedTask[], weights: readonly number[]) {
    this.#tasks = tasks
    this.#weights = weights
  }

  get tasks(): readonly number[] {
    return [...this.#added]
  }

  has(index: number): boolean {
    return this.#added.has(index)
  }

  /** Adds a task of `shard: each` and the tasks that it needs. */
  add(index: number): void {
    const open = [index]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (this.#added.has(next)) continue
      this.#added.add(next)
      this.work += this.#weights[next] ?? 0
      for (const other of this.#newNeedsOf(next)) open.push(other)
    }
  }

  /** Adds the tasks of `shard: each` that a task of this shard needs, directly or indirectly. */
  addNeedsOf(index: number): void {
    for (const other of this.#newNeedsOf(index)) this.add(other)
  }

  /** The tasks of `shard: each` among the needs of a task, except needs that have been visited. */
  *#newNeedsOf(index: number): Generator<number> {
    for (const {tasks: needed} of this.#tasks[index]?.needs ?? []) {
      if (this.#seen.has(needed)) continue
      this.#seen.add(needed)
      for (const other of needed) if (this.#tasks[other]?.isInEachShard === true) yield other
    }
  }
}
