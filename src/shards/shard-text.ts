import type {ShardChoice} from '../model/settings.ts'
import {count, joined} from '../report/wording.ts'
import {quoted} from '../text/quoted.ts'

/** An expected duration such as `45 s`, `3 m 05 s` or `1 h 05 m`. `ms`: from 0. */
export function estimate(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000))
  const two = (number: number) => String(number).padStart(2, '0')
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${two(seconds % 60)} s`
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} m`
}

/** `shard 2 of 4`: people count from 1. */
export const shardName = ({index, count}: ShardChoice): string => `shard ${index + 1} of ${count}`

/** The figures about a list in shards. */
export interface ShardFigures {
  /** The number of tasks in each shard, by index. */
  readonly sizes: readonly number[]
  /** Expected duration of each shard, by index, in milliseconds; `undefined` if no duration is known. */
  readonly expectedMs: readonly number[] | undefined
  /** Tasks in the list. */
  readonly listed: number
  /** Tasks of unknown duration in the list. */
  readonly unknown: number
}

/** `shard 2 of 4: 61 of 245 tasks, about 3 m 10 s (all: 3 m 05 s to 3 m 12 s; 4 of unknown duration)`. */
export function shardLine(shard: ShardChoice, {sizes, expectedMs, listed, unknown}: ShardFigures): string {
  const share = `${shardName(shard)}: ${sizes[shard.index] ?? 0} of ${count(listed, 'task')}`
  if (expectedMs === undefined) return `${share} (all: ${range(sizes, String)}; no duration is known)`
  const about = (sizes[shard.index] ?? 0) === 0 ? share : `${share}, about ${estimate(expectedMs[shard.index] ?? 0)}`
  const details = [`all: ${range(expectedMs, estimate)}`, unknown === 0 ? undefined : `${unknown} of unknown duration`]
  return `${about} (${joined(details, '; ')})`
}

/** `245 tasks in 4 shards: 3 m 05 s to 3 m 12 s each; 4 of unknown duration`. */
export function shardsLine({sizes, expectedMs, listed, unknown}: ShardFigures): string {
  const shares = `${count(listed, 'task')} in ${count(sizes.length, 'shard')}`
  if (expectedMs === undefined) return `${shares}: ${range(sizes, String)} each; no duration is known`
  const details = [`${range(expectedMs, estimate)} each`, unknown === 0 ? undefined : `${unknown} of unknown duration`]
  return `${shares}: ${joined(details, '; ')}`
}

function range(numbers: readonly number[], shown: (number: number) => string): string {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)].map(shown)
  return least === most ? `${least}` : `${least} to ${most}`
}

/** The task or lock that ties others together, for a message. `isAtTheEnd`: the task needs the others, and not they it. */
export type ShownJoin =
  | {readonly kind: 'task'; readonly name: string; readonly isAtTheEnd: boolean}
  | {readonly kind: 'lock'; readonly name: string}

/** The warning for a tie that is longer than a fair share: `147 of 150 tasks are tied by "tell"; run it after the merge`. */
export function tieWarning(tied: number, listed: number, join: ShownJoin | undefined): string {
  const named = `${tied} of ${count(listed, 'task')} are tied by`
  if (join === undefined) return `${named} their needs, and take longer than a fair share`
  if (join.kind === 'lock')
    return `${named} the lock ${quoted(join.name)}; give it more room, or "per: machine" where each machine has its own`
  return `${named} ${quoted(join.name)}; ${join.isAtTheEnd ? 'run it after the merge' : 'give it "shard: each" to run it in each shard'}`
}
