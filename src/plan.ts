import {type ExpectedDuration, expectedDurations} from './history/expected-durations.ts'
import {hashList} from './history/list-hash.ts'
import type {Timings} from './history/timings.ts'
import {readTimings} from './history/timings-file.ts'
import {hashTimings} from './history/timings-hash.ts'
import type {RunPlan} from './model/event.ts'
import {tasksAt} from './model/select-tasks.ts'
import type {Settings, ShardChoice} from './model/settings.ts'
import type {Task} from './model/task.ts'
import {type Shard, ShardPlanner} from './pool/shards.ts'
import {longestWays} from './pool/start-order.ts'
import {joinOf} from './pool/ties.ts'
import {shardLine, shardName, tieWarning} from './report/shard-text.ts'
import {count} from './report/wording.ts'
import {hashOf} from './text/portable-content.ts'

/** Something to say of a plan. `text`: a line. */
export interface PlanNote {
  readonly type: 'line' | 'notice' | 'warning'
  readonly text: string
}

/** Tasks to run, and what they are of. */
export interface PlannedTasks {
  readonly tasks: readonly Task[]
  readonly plan: RunPlan
  /** Recorded durations of earlier runs. */
  readonly timings: Timings
  /** What each task is expected to take, by index, in milliseconds; `undefined` if nothing is known of any in the list. */
  readonly expectedMs: readonly number[] | undefined
  readonly notes: readonly PlanNote[]
}

/** Settings that a plan depends on. */
export type PlanSettings = Pick<Settings, 'workspace' | 'timingsFile' | 'shard' | 'maxParallel'>

/** Plans a run of `tasks`, or of a shard of them: reads what earlier runs recorded of them. */
export function planTasks(tasks: readonly Task[], settings: PlanSettings): PlannedTasks {
  const {workspace, timingsFile, shard, maxParallel} = settings
  const {timings, notice} = readTimings(timingsFile)
  const hashes = {
    list: hashList(tasks, {workspace, platform: process.platform}),
    timings: hashTimings(tasks, timings),
    plan: undefined
  }
  const expected = expectedDurations(tasks, timings)
  const notes: PlanNote[] = notice === undefined ? [] : [{type: 'notice', text: notice}]
  const listed = tasks.length
  if (shard === undefined) {
    return {tasks, plan: {listed, hashes, shard}, timings, expectedMs: expected?.map(({ms}) => ms), notes}
  }
  const list = new ShardableList(tasks, expected)
  const shards = list.shards(shard.count)
  const own = shards[shard.index]?.tasks ?? []
  return {
    tasks: tasksAt(tasks, own),
    plan: {
      listed,
      hashes: {...hashes, plan: hashPlan(tasks, shards)},
      shard: {index: shard.index, sizes: shards.map(each => each.tasks.length)}
    },
    timings,
    expectedMs: expected === undefined ? undefined : own.map(index => expected[index]?.ms ?? 0),
    notes: [...notes, ...shardNotes(list, shards, shard, maxParallel)]
  }
}

/** A list that can be cut into shards, with what its tasks are expected to take. */
export class ShardableList {
  readonly tasks: readonly Task[]
  readonly #expected: readonly ExpectedDuration[] | undefined
  readonly #planner: ShardPlanner

  /** `expected`: by index; `undefined` if nothing is known of any, so that all count alike. */
  constructor(tasks: readonly Task[], expected: readonly ExpectedDuration[] | undefined) {
    this.tasks = tasks
    this.#expected = expected
    this.#planner = new ShardPlanner(tasks, expected?.map(({ms}) => ms) ?? tasks.map(() => 1))
  }

  /** Tasks of which no duration is known. */
  get unknown(): number {
    return this.#expected === undefined ? this.tasks.length : this.#expected.filter(({isKnown}) => !isKnown).length
  }

  shards(count: number): readonly Shard[] {
    return this.#planner.shards(count)
  }

  /**
   * What each of `shards` is expected to take with `maxParallel` tasks at a time, in milliseconds: its work by the places, or its longest way where that is
   * longer. `undefined` if no duration is known.
   */
  expectedMs(shards: readonly Shard[], maxParallel: number): readonly number[] | undefined {
    const expected = this.#expected
    if (expected === undefined) return undefined
    return shards.map(({tasks: indices}) => {
      const ms = indices.map(index => expected[index]?.ms ?? 0)
      const work = ms.reduce((sum, each) => sum + each, 0)
      const ways = longestWays(tasksAt(this.tasks, indices), ms)
      return ways.reduce((longest, way) => Math.max(longest, way), Math.ceil(work / maxParallel))
    })
  }

  /** A warning if tasks that are tied take longer than a fair share of `count` shards. */
  tieWarning(count: number): string | undefined {
    const {ties} = this.#planner
    const [longest] = ties
    const work = ties.reduce((sum, tie) => sum + tie.work, 0)
    if (longest === undefined || longest.tasks.length === 1 || longest.work * count <= work) return undefined
    const join = joinOf(longest.tasks, this.tasks)
    if (join?.kind !== 'task') return tieWarning(longest.tasks.length, this.tasks.length, join)
    const task = this.tasks[join.index]
    const needs = task?.needs.reduce((sum, need) => sum + need.tasks.length, 0) ?? 0
    const isAtTheEnd = needs * 2 >= longest.tasks.length
    return tieWarning(longest.tasks.length, this.tasks.length, {kind: 'task', name: task?.name ?? '', isAtTheEnd})
  }
}

function shardNotes(list: ShardableList, shards: readonly Shard[], shard: ShardChoice, maxParallel: number): PlanNote[] {
  const {tasks, unknown} = list
  const sizes = shards.map(each => each.tasks.length)
  const line = shardLine(shard, {sizes, expectedMs: list.expectedMs(shards, maxParallel), listed: tasks.length, unknown})
  const warning = list.tieWarning(shard.count)
  return [
    {type: 'line', text: line},
    ...(warning === undefined ? [] : [{type: 'warning', text: warning} as const]),
    ...(sizes[shard.index] === 0
      ? [{type: 'notice', text: `${shardName(shard)} is empty: the list has ${count(tasks.length, 'task')}`} as const]
      : [])
  ]
}

/** A hash of the number of shards and of the tasks in each, by their keys. */
function hashPlan(tasks: readonly Task[], shards: readonly Shard[]): string {
  return hashOf([String(shards.length), ...shards.map(shard => hashOf(shard.tasks.map(index => tasks[index]?.key ?? '')))])
}
