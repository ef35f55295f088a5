import type {RunRecord} from '../model/event.ts'
import type {Task} from '../model/task.ts'
import type {Mask} from '../report/masked-run.ts'
import type {RunReport} from '../report/report-schema.ts'
import type {ReadableLog} from './readable-log.ts'

/** A task as the list declares it. Contains the names of parameters and variables, but not their values. */
export interface PlannedTask {
  /** The id of its `foreach`, matrix or glob; `null` for a task of its own. */
  readonly group: string | null
  /** Names of its parameters. */
  readonly parameters: readonly string[]
  /** Number of positional arguments. */
  readonly arguments: number
  /** Names of the environment variables that it sets or removes. */
  readonly env: readonly string[]
  /** Positions of the tasks that it needs, in the order of the run. */
  readonly needs: readonly number[]
  readonly when: Task['when']
  /** Locks that it holds while it runs, and how many tasks may hold each at a time. */
  readonly locks: readonly {readonly name: string; readonly room: number}[]
  readonly isolation: Task['isolation']
  readonly shell: string
  /** For each attempt, in milliseconds; 0 for none. */
  readonly timeoutMs: number
  /** Its position in the list, such as `tasks.yml:12`. */
  readonly place: string
}

/** How long a worker took to start. Times are milliseconds since the epoch. */
export interface WorkerBoot {
  /** The slot in which it ran its first attempt. */
  readonly worker: number
  readonly from: number
  readonly to: number
}

/** A period in which an attempt had a slot and waited for its worker. Times are milliseconds since the epoch. */
export interface WorkerWait {
  readonly worker: number
  readonly from: number
  readonly to: number
}

/** Details of a run that its report does not have. */
export interface RunDetails {
  /** In the order of the report; `null` for a task of which only the report is known. */
  readonly tasks: readonly (PlannedTask | null)[]
  readonly boots: readonly WorkerBoot[]
  readonly waits: readonly WorkerWait[]
}

/** A run with its details and logs, masked. */
export interface CapturedRun {
  readonly report: RunReport
  readonly plan: RunDetails
  /** In the order of the report. */
  readonly logs: readonly ReadableLog[]
  /** Why logs are missing; `null` if none is. */
  readonly logsLeftOut: string | null
}

/** The tasks of a run as their lists declare them. The names of the tasks are masked already. */
export function plannedTasks({tasks}: RunRecord, mask: Mask): readonly PlannedTask[] {
  const positions = new Map(tasks.map(({task}, position) => [task.index, position]))
  return tasks.map(({task}) => ({
    group: task.group === undefined ? null : mask(task.group),
    parameters: [...(task.parameters?.keys() ?? [])].map(mask),
    arguments: task.arguments?.length ?? 0,
    env: [...task.env.keys()].map(mask),
    needs: task.needs.flatMap(need => need.tasks).flatMap(index => positions.get(index) ?? []),
    when: task.when,
    locks: task.locks.map(({name, room}) => ({name: mask(name), room})),
    isolation: task.isolation,
    shell: mask(task.shell),
    timeoutMs: task.timeoutMs,
    place: mask(
      task.place.isByEntry === true ? `${task.place.source}: entry ${task.place.line}` : `${task.place.source}:${task.place.line}`
    )
  }))
}
