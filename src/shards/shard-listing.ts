import type {Task} from '../model/task.ts'
import {count as counted} from '../report/wording.ts'
import {estimate} from './shard-text.ts'

/** A shard as `pwsh-pool plan` prints it. */
export interface ListedShard {
  readonly tasks: readonly Task[]
  /** Its expected duration, in milliseconds; `undefined` if no duration is known. */
  readonly expectedMs: number | undefined
}

/** The values of the input `shard` for `count` shards, for a matrix. */
export function shardValues(count: number): readonly string[] {
  return Array.from({length: count}, (_, index) => `${index}/${count}`)
}

/** The shards as lines of text: for each its value for `--shard`, its expected duration, and below it the ids of its tasks. */
export function renderShards(shards: readonly ListedShard[]): string {
  return shards
    .map(({tasks, expectedMs}, index) => {
      const about = expectedMs === undefined || tasks.length === 0 ? '' : `, about ${estimate(expectedMs)}`
      return [`--shard ${index}/${shards.length}: ${counted(tasks.length, 'task')}${about}`, ...tasks.map(({id}) => `  ${id}`)].join('\n')
    })
    .join('\n\n')
}

/** The shards as JSON, with one final line break. Durations are milliseconds, `null` where none is known. */
export function renderShardsAsJson(
  shards: readonly ListedShard[],
  hashes: {readonly list: string; readonly timings: string | undefined}
): string {
  const values = shardValues(shards.length)
  const plan = {
    count: shards.length,
    hashes: {list: hashes.list, timings: hashes.timings ?? null},
    shards: shards.map(({tasks, expectedMs}, index) => ({
      shard: values[index],
      expectedMs: expectedMs ?? null,
      tasks: tasks.map(({key}) => key)
    }))
  }
  return `${JSON.stringify(plan, undefined, 2)}\n`
}
