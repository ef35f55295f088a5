import {type ExpectedDuration, expectedDurations} from '../history/expected-durations.ts'
import {hashList} from '../history/list-hash.ts'
import {readTimings} from '../history/timings-file.ts'
import {hashTimings} from '../history/timings-hash.ts'
import type {PlanHashes} from '../model/event.ts'
import {tasksAt} from '../model/select-tasks.ts'
import type {Task} from '../model/task.ts'
import {count} from '../report/wording.ts'
import type {PlanNote, PlanSettings} from './plan-tasks.ts'
import type {ListedShard} from './shard-listing.ts'
import {estimate, shardsLine} from './shard-text.ts'
import {ShardableList} from './shardable-list.ts'

/** How to split a list into shards. */
export interface ShardRequest {
  /** Number of shards; `undefined` to find it by `maxDurationMs`. With both, it applies if no duration is known. */
  readonly shardCount: number | undefined
  /** The duration that no shard should exceed. */
  readonly maxDurationMs: number | undefined
}

/** All shards of a list. */
export interface PlannedShards {
  readonly shards: readonly ListedShard[]
  readonly hashes: Pick<PlanHashes, 'list' | 'timings'>
  readonly notes: readonly PlanNote[]
}

/** Most shards that are tried: as many as a matrix on GitHub may have jobs. */
const maxJobs = 256

/** Splits a list into a given number of shards, or into the fewest that take no longer than a given duration. */
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

/**
 * The smallest number of shards of which none has more work than takes `aimMs`; if there is none up to `maxJobs`, the number with the shortest
 * duration.
 */
function fewestShards(list: ShardableList, aimMs: number, maxParallel: number): {readonly number: number; readonly ms: number} {
  let best = {number: 1, ms: Number.POSITIVE_INFINITY}
  for (let number = Math.min(maxJobs, list.fewest(aimMs, maxParallel)); number <= maxJobs && best.ms > aimMs; number++) {
    const ms = list.shards(number).reduce((most, {work}) => Math.max(most, Math.ceil(work / maxParallel)), 0)
    if (ms < best.ms) best = {number, ms}
  }
  return best
}
