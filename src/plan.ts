import {type ExpectedDuration, expectedDurations} from './history/expected-durations.ts'
import {fingerprintTasks} from './history/fingerprint.ts'
import {hashList} from './history/list-hash.ts'
import {resumeFrom} from './history/resume.ts'
import {median, type Timings} from './history/timings.ts'
import {readTimings} from './history/timings-file.ts'
import {hashTimings} from './history/timings-hash.ts'
import type {Kept, PlanHashes, RunOrigin, RunPlan} from './model/event.ts'
import {tasksAt} from './model/select-tasks.ts'
import type {Settings, ShardChoice} from './model/settings.ts'
import type {Task} from './model/task.ts'
import {type Shard, ShardPlanner} from './pool/shards.ts'
import {longestWays} from './pool/start-order.ts'
import {joinOf} from './pool/ties.ts'
import type {ListedShard} from './report/shard-listing.ts'
import {estimate, shardLine, shardName, shardsLine, tieWarning} from './report/shard-text.ts'
import {count} from './report/wording.ts'
import {hashOf} from './text/portable-content.ts'
import {quoted} from './text/quoted.ts'

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
  /** Tasks that do not run again, by index; absent for none. */
  readonly kept?: ReadonlyMap<number, Kept> | undefined
}

const unknownOrigin: RunOrigin = {repository: null, commit: null}

/** Settings that a plan depends on. */
export type PlanSettings = Pick<
  Settings,
  'workspace' | 'timingsFile' | 'shard' | 'maxParallel' | 'resumeFrom' | 'modules' | 'setup' | 'setupOnce'
>

/** Plans a run of `tasks`, or of a shard of them: reads what earlier runs recorded of them, and what is kept of one of the same `origin`. */
export function planTasks(tasks: readonly Task[], settings: PlanSettings, origin: RunOrigin = unknownOrigin): PlannedTasks {
  const {workspace, resumeFrom: report} = settings
  const planned = planShard(fingerprintTasks(tasks, settings, {workspace, platform: process.platform}), settings)
  if (report === undefined) return planned
  const {kept, isUsed, notice} = resumeFrom(planned.tasks, report, origin)
  return {...planned, kept, notes: [...planned.notes, {type: isUsed ? 'line' : 'notice', text: `resume-from: ${notice}`}]}
}

function planShard(tasks: readonly Task[], {workspace, timingsFile, shard, maxParallel}: PlanSettings): PlannedTasks {
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
    return {tasks: withRecorded(tasks, timings), plan: {listed, hashes, shard}, timings, expectedMs: expected?.map(({ms}) => ms), notes}
  }
  const list = new ShardableList(tasks, expected)
  const shards = list.shards(shard.count)
  const own = shards[shard.index]?.tasks ?? []
  return {
    tasks: withRecorded(tasksAt(tasks, own), timings),
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

function withRecorded(tasks: readonly Task[], timings: Timings): readonly Task[] {
  if (timings.size === 0) return tasks
  return tasks.map(task => {
    const {durations} = timings.get(task.key) ?? noDurations
    return durations.length === 0 ? task : {...task, recorded: {medianMs: median(durations), samples: durations.length}}
  })
}

const noDurations = {durations: []}

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

  /**
   * What the list takes at least in any number of shards, in milliseconds, and the beginning of a sentence that says why: its longest way, or its heaviest
   * tie by the places. Precondition: some duration is known.
   */
  shortest(maxParallel: number): {readonly leastMs: number; readonly because: string} {
    const ms = this.#expected?.map(each => each.ms) ?? []
    const ways = longestWays(this.tasks, ms)
    const wayMs = ways.reduce((longest, way) => Math.max(longest, way), 0)
    const tie = this.#planner.heaviestAlone()
    const tieMs = Math.ceil((tie?.work ?? 0) / maxParallel)
    if (tie !== undefined && tieMs > wayMs) {
      const tied = tie.tasks.length === 1 ? `${quoted(this.tasks[tie.tasks[0] ?? 0]?.name ?? '')} and what runs in each shard take` : ''
      return {leastMs: tieMs, because: tied || `${tie.tasks.length} tasks that are tied take`}
    }
    const first = this.tasks[ways.indexOf(wayMs)]
    const name = quoted(first?.name ?? '')
    return {
      leastMs: wayMs,
      because: ms[first?.index ?? 0] === wayMs ? `${name} alone takes` : `${name} and those that need it, one after another, take`
    }
  }

  /** How many shards it takes at least for none to have more work than takes `ms`. */
  fewest(ms: number, maxParallel: number): number {
    const work = this.#planner.ties.reduce((sum, tie) => sum + tie.work, 0)
    return Math.max(1, Math.ceil(work / maxParallel / ms))
  }

  /** A warning if tasks that are tied take longer than a fair share of `shards`. */
  tieWarning(shards: readonly Shard[]): string | undefined {
    const [longest] = this.#planner.ties
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

/** How a list is to be cut. */
export interface ShardRequest {
  /** `undefined` for as many as `maxDurationMs` takes; with it, for where no duration is known. */
  readonly shardCount: number | undefined
  /** What no shard is to exceed. */
  readonly maxDurationMs: number | undefined
}

/** All shards of a list. */
export interface PlannedShards {
  readonly shards: readonly ListedShard[]
  readonly hashes: Pick<PlanHashes, 'list' | 'timings'>
  readonly notes: readonly PlanNote[]
}

/** The most shards that are looked for: as many as a matrix of GitHub may have jobs. */
const maxJobs = 256

/** Cuts a list into a given number of shards, or into as few as take no longer than a duration. */
export function planShards(tasks: readonly Task[], settings: Omit<PlanSettings, 'shard'>, request: ShardRequest): PlannedShards {
  const {workspace, timingsFile, maxParallel} = settings
  const {timings, notice} = readTimings(timingsFile)
  const expected = expectedDurations(tasks, timings)
  const list = new ShardableList(tasks, expected)
  const {count: found, note} = shardCount(list, expected, request, maxParallel)
  const shards = list.shards(found)
  const expectedMs = list.expectedMs(shards, maxParallel)
  const warning = list.tieWarning(shards)
  const notes: PlanNote[] = [
    ...(notice === undefined ? [] : [{type: 'notice', text: notice} as const]),
    ...(note === undefined ? [] : [note]),
    ...(warning === undefined ? [] : [{type: 'warning', text: warning} as const]),
    {
      type: 'line',
      text: shardsLine({sizes: shards.map(shard => shard.tasks.length), expectedMs, listed: tasks.length, unknown: list.unknown})
    }
  ]
  return {
    shards: shards.map((shard, index) => ({tasks: tasksAt(tasks, shard.tasks), expectedMs: expectedMs?.[index]})),
    hashes: {list: hashList(tasks, {workspace, platform: process.platform}), timings: hashTimings(tasks, timings)},
    notes
  }
}

function shardCount(
  list: ShardableList,
  expected: readonly ExpectedDuration[] | undefined,
  {shardCount: given, maxDurationMs}: ShardRequest,
  maxParallel: number
): {readonly count: number; readonly note: PlanNote | undefined} {
  if (maxDurationMs === undefined) return {count: given ?? 1, note: undefined}
  if (expected === undefined) {
    const text = `no duration is known, so the list is cut into ${count(given ?? 1, 'shard')}`
    return {count: given ?? 1, note: {type: 'notice', text}}
  }
  const {leastMs, because} = list.shortest(maxParallel)
  const aimMs = Math.max(leastMs, maxDurationMs)
  const {number, ms} = fewestShards(list, aimMs, maxParallel)
  if (leastMs > maxDurationMs) {
    const text = `no number of shards takes less than ${estimate(maxDurationMs)}: ${because} about ${estimate(leastMs)}`
    return {count: number, note: {type: 'warning', text}}
  }
  if (ms <= maxDurationMs) return {count: number, note: undefined}
  const text = `no number of shards up to ${maxJobs}, the jobs that a matrix may have, takes less than ${estimate(maxDurationMs)}`
  return {count: number, note: {type: 'warning', text}}
}

/** The smallest number of shards of which none has more work than takes `aimMs`; if there is none up to `maxJobs`, the one with the shortest. */
function fewestShards(list: ShardableList, aimMs: number, maxParallel: number): {readonly number: number; readonly ms: number} {
  let best = {number: 1, ms: Number.POSITIVE_INFINITY}
  for (let number = Math.min(maxJobs, list.fewest(aimMs, maxParallel)); number <= maxJobs && best.ms > aimMs; number++) {
    const ms = list.shards(number).reduce((most, {work}) => Math.max(most, Math.ceil(work / maxParallel)), 0)
    if (ms < best.ms) best = {number, ms}
  }
  return best
}

function shardNotes(list: ShardableList, shards: readonly Shard[], shard: ShardChoice, maxParallel: number): PlanNote[] {
  const {tasks, unknown} = list
  const sizes = shards.map(each => each.tasks.length)
  const line = shardLine(shard, {sizes, expectedMs: list.expectedMs(shards, maxParallel), listed: tasks.length, unknown})
  const warning = list.tieWarning(shards)
  return [
    {type: 'line', text: line},
    // One annotation for all shards.
    ...(warning === undefined ? [] : [{type: shard.index === 0 ? 'warning' : 'line', text: warning} as const]),
    ...(sizes[shard.index] === 0
      ? [{type: 'notice', text: `${shardName(shard)} is empty: the list has ${count(tasks.length, 'task')}`} as const]
      : [])
  ]
}

/** A hash of the number of shards and of the tasks in each, by their keys. */
function hashPlan(tasks: readonly Task[], shards: readonly Shard[]): string {
  return hashOf([String(shards.length), ...shards.map(shard => hashOf(shard.tasks.map(index => tasks[index]?.key ?? '')))])
}
