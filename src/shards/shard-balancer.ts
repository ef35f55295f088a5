import TinyQueue from 'tinyqueue'
import {type ShardedTask, tiesOf} from './ties.ts'

/** A part of a list for one machine. */
export interface Shard {
  /** Indices in declared order. */
  readonly tasks: readonly number[]
  /** The sum of their weights. */
  readonly work: number
}

/** Tasks that have to be in one shard. */
export interface Tie {
  /** Indices in declared order. */
  readonly tasks: readonly number[]
  readonly work: number
}

/**
 * Cuts a list into any number of shards. The same list and weights make the same shards on every machine: nothing depends on a clock, a locale or
 * the order of a map.
 */
export class ShardBalancer {
  /** The heaviest first, and of equal ones that with the first key in ordinal order. */
  readonly ties: readonly Tie[]
  readonly #tasks: readonly ShardedTask[]
  readonly #weights: readonly number[]
  /** Tasks of each shard that are in all of them, because no task of one shard needs them. */
  readonly #everywhere: readonly number[]

  /** `weights`: whole numbers by index; each counts as 1 at least, or all that take no time would be in one shard. */
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

  /** Cuts the list into `count` shards, from 1: the ties in their order, each to the shard with least work, and of equal ones to the first. */
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

  /** The tie whose shard has most work even if nothing else is in it, with the tasks of each shard that go with it; `undefined` for a list without ties. */
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

/** The tasks of each shard that are in one shard. */
class EachShard {
  readonly #tasks: readonly ShardedTask[]
  readonly #weights: readonly number[]
  readonly #added = new Set<number>()
  /** Needs that have been gone through: thousands may need one group of thousands. */
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

  /** Adds a task of each shard, and those that it needs. */
  add(index: number): void {
    const open = [index]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (this.#added.has(next)) continue
      this.#added.add(next)
      this.work += this.#weights[next] ?? 0
      for (const other of this.#newNeedsOf(next)) open.push(other)
    }
  }

  /** Adds the tasks of each shard that this task of one shard needs, directly or not. */
  addNeedsOf(index: number): void {
    for (const other of this.#newNeedsOf(index)) this.add(other)
  }

  /** The tasks of each shard among the needs of a task, without those of needs that were gone through before. */
  *#newNeedsOf(index: number): Generator<number> {
    for (const {tasks: needed} of this.#tasks[index]?.needs ?? []) {
      if (this.#seen.has(needed)) continue
      this.#seen.add(needed)
      for (const other of needed) if (this.#tasks[other]?.isInEachShard === true) yield other
    }
  }
}
