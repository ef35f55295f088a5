import type {ExpectedDuration} from '../history/expected-durations.ts'
import {tasksAt} from '../model/select-tasks.ts'
import type {Task} from '../model/task.ts'
import {criticalPathsMs} from '../pool/start-order.ts'
import {quoted} from '../text/quoted.ts'
import {type Shard, ShardBalancer} from './shard-balancer.ts'
import {tieWarning} from './shard-text.ts'
import {joinOf} from './ties.ts'

/** A list that can be split into shards, with the expected durations of its tasks. */
export class ShardableList {
  readonly tasks: readonly Task[]
  readonly #expected: readonly ExpectedDuration[] | undefined
  readonly #balancer: ShardBalancer

  /** `expected`: by task index; `undefined` if no duration is known, so that all tasks count alike. */
  constructor(tasks: readonly Task[], expected: readonly ExpectedDuration[] | undefined) {
    this.tasks = tasks
    this.#expected = expected
    this.#balancer = new ShardBalancer(tasks, expected?.map(({ms}) => ms) ?? tasks.map(() => 1))
  }

  /** Number of tasks without a known duration. */
  get unknown(): number {
    return this.#expected === undefined ? this.tasks.length : this.#expected.filter(({isKnown}) => !isKnown).length
  }

  shards(count: number): readonly Shard[] {
    return this.#balancer.shards(count)
  }

  /**
   * The expected duration of each of `shards` with `maxParallel` tasks at a time, in milliseconds: its work divided by `maxParallel`, or its critical
   * path if that is longer. `undefined` if no duration is known.
   */
  expectedMs(shards: readonly Shard[], maxParallel: number): readonly number[] | undefined {
    const expected = this.#expected
    if (expected === undefined) return undefined
    return shards.map(({tasks: indices}) => {
      const ms = indices.map(index => expected[index]?.ms ?? 0)
      const work = ms.reduce((sum, each) => sum + each, 0)
      const pathsMs = criticalPathsMs(tasksAt(this.tasks, indices), ms)
      return pathsMs.reduce((longest, ms) => Math.max(longest, ms), Math.ceil(work / maxParallel))
    })
  }

  /**
   * The shortest possible duration of the list in any number of shards, in milliseconds, and the beginning of a sentence that explains it: its
   * critical path, or its heaviest tie divided by `maxParallel`. Precondition: some duration is known.
   */
  shortest(maxParallel: number): {readonly leastMs: number; readonly because: string} {
    const ms = this.#expected?.map(each => each.ms) ?? []
    const pathsMs = criticalPathsMs(this.tasks, ms)
    const pathMs = pathsMs.reduce((longest, ms) => Math.max(longest, ms), 0)
    const tie = this.#balancer.heaviestAlone()
    const tieMs = Math.ceil((tie?.work ?? 0) / maxParallel)
    if (tie !== undefined && tieMs > pathMs) {
      const tied = tie.tasks.length === 1 ? `${quoted(this.tasks[tie.tasks[0] ?? 0]?.name ?? '')} and what runs in each shard take` : ''
      return {leastMs: tieMs, because: tied || `${tie.tasks.length} tasks that are tied take`}
    }
    const first = this.tasks[pathsMs.indexOf(pathMs)]
    const name = quoted(first?.name ?? '')
    return {
      leastMs: pathMs,
      because: ms[first?.index ?? 0] === pathMs ? `${name} alone takes` : `${name} and those that need it, one after another, take`
    }
  }

  /** The fewest shards of which none has more work than `maxParallel` tasks at a time do in `ms`. */
  fewest(ms: number, maxParallel: number): number {
    const work = this.#balancer.ties.reduce((sum, tie) => sum + tie.work, 0)
    return Math.max(1, Math.ceil(work / maxParallel / ms))
  }

  /** A warning if tasks that are tied take longer than a fair share of `shards`. */
  tieWarning(shards: readonly Shard[]): string | undefined {
    const [longest] = this.#balancer.ties
    const work = shards.reduce((sum, shard) => sum + shard.work, 0)
    if (longest === undefined || longest.tasks.length === 1 || longest.work * shards.length <= work) return undefined
    const join = joinOf(longest.tasks, this.tasks)
    if (join?.kind !== 'task') return tieWarning(longest.tasks.length, this.tasks.length, join)
    const task = this.tasks[join.index]
    const needs = task?.needs.reduce((sum, need) => sum + need.tasks.length, 0) ?? 0
    const isAtTheEnd = needs * 2 >= longest.tasks.length
    return tieWarning(longest.tasks.length, this.tasks.length, {kind: 'task', name: task?.name ?? '', isAtTheEnd})
  }
}
