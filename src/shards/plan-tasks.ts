import {expectedDurations} from '../history/expected-durations.ts'
import {fingerprintTasks} from '../history/fingerprint.ts'
import {hashList} from '../history/list-hash.ts'
import {resumeFrom} from '../history/resume.ts'
import {median, type Timings} from '../history/timings.ts'
import {readTimings} from '../history/timings-file.ts'
import {hashTimings} from '../history/timings-hash.ts'
import type {Kept, RunOrigin, RunPlan} from '../model/event.ts'
import {tasksAt} from '../model/select-tasks.ts'
import type {Settings, ShardChoice} from '../model/settings.ts'
import type {Task} from '../model/task.ts'
import {count} from '../report/wording.ts'
import {hashOf} from '../text/portable-content.ts'
import type {Shard} from './shard-balancer.ts'
import {shardLine, shardName} from './shard-text.ts'
import {ShardableList} from './shardable-list.ts'

/** A remark about a plan. `text`: one line. */
export interface PlanNote {
  readonly type: 'line' | 'notice' | 'warning'
  readonly text: string
}

/** The tasks to run, and the list from which they come. */
export interface PlannedTasks {
  readonly tasks: readonly Task[]
  readonly plan: RunPlan
  /** Recorded durations of earlier runs. */
  readonly timings: Timings
  /** Expected duration of each task, by index, in milliseconds; `undefined` if no duration is known in the list. */
  readonly expectedMs: readonly number[] | undefined
  readonly notes: readonly PlanNote[]
  /** Results of an earlier run, by task index: these tasks do not run again. Absent for none. */
  readonly kept?: ReadonlyMap<number, Kept> | undefined
}

const unknownOrigin: RunOrigin = {repository: null, commit: null}

/** Settings that a plan depends on. */
export type PlanSettings = Pick<
  Settings,
  'workspace' | 'timingsFile' | 'shard' | 'maxParallel' | 'resumeFrom' | 'modules' | 'setup' | 'setupOnce'
>

/**
 * Plans a run of `tasks`, or of one shard of them: reads their recorded durations, and the results that are kept from an earlier run with the same
 * `origin`.
 */
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

function shardNotes(list: ShardableList, shards: readonly Shard[], shard: ShardChoice, maxParallel: number): PlanNote[] {
  const {tasks, unknown} = list
  const sizes = shards.map(each => each.tasks.length)
  const line = shardLine(shard, {sizes, expectedMs: list.expectedMs(shards, maxParallel), listed: tasks.length, unknown})
  const warning = list.tieWarning(shards)
  return [
    {type: 'line', text: line},
    // Annotated by the first shard only.
    ...(warning === undefined ? [] : [{type: shard.index === 0 ? 'warning' : 'line', text: warning} as const]),
    ...(sizes[shard.index] === 0
      ? [{type: 'notice', text: `${shardName(shard)} is empty: the list has ${count(tasks.length, 'task')}`} as const]
      : [])
  ]
}

/** A hash of the number of shards and of the keys of the tasks in each. */
function hashPlan(tasks: readonly Task[], shards: readonly Shard[]): string {
  return hashOf([String(shards.length), ...shards.map(shard => hashOf(shard.tasks.map(index => tasks[index]?.key ?? '')))])
}
