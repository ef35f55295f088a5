import type {OutputPart} from './output-listener.ts'
import type {FlakyMode} from './settings.ts'
import type {Lock, Task} from './task.ts'
import type {TaskChanges} from './task-changes.ts'

/** What made `fail-fast` act. */
interface FailFastCause {
  /** The task that failed, the last one if several had to. */
  readonly cause: Task
  /** How many had failed for good; `undefined` for one. */
  readonly failed?: number | undefined
}

/** The end of one attempt. `status` is what users see; `reason` distinguishes the causes. */
export type AttemptEnd =
  /** With one of the task's `successCodes`. */
  | {readonly status: 'success'; readonly reason: 'exit'; readonly exitCode: number}
  | {readonly status: 'failure'; readonly reason: 'exit-code'; readonly exitCode: number}
  /** A signal that the pool did not send ended the process: a crash, the out-of-memory killer, the task itself. */
  | {readonly status: 'failure'; readonly reason: 'killed'; readonly signal: NodeJS.Signals}
  /** The script succeeded, but its GITHUB_OUTPUT or another file for the runner is invalid. */
  | {readonly status: 'failure'; readonly reason: 'wrong-file'; readonly message: string}
  /** The task could not be started at all. */
  | {readonly status: 'failure'; readonly reason: 'not-started'; readonly message: string}
  /** Its worker's process was ended by another task that ran in it. */
  | {readonly status: 'failure'; readonly reason: 'worker-lost'; readonly message: string}
  /** PowerShell ended `failedStarts` times in a row before a task began; this task was the last to try. */
  | {readonly status: 'failure'; readonly reason: 'no-worker'; readonly failedStarts: number; readonly message: string}
  /** A bug in the pool: an exception while the attempt ran, was ended or cleaned up. */
  | {readonly status: 'failure'; readonly reason: 'internal'; readonly message: string}
  /** A bug elsewhere in the pool stopped the run during this attempt. */
  | {readonly status: 'cancelled'; readonly reason: 'internal'; readonly message: string}
  | {readonly status: 'timed-out'; readonly reason: 'timeout'; readonly timeoutMs: number}
  | {readonly status: 'timed-out'; readonly reason: 'total-timeout'; readonly timeoutMs: number}
  | {readonly status: 'cancelled'; readonly reason: 'cancelled'}
  | ({readonly status: 'cancelled'; readonly reason: 'fail-fast'} & FailFastCause)

/** The reason a task never ran. */
export type Skip =
  | {readonly status: 'skipped'; readonly reason: 'need-did-not-succeed'; readonly need: Task}
  | {readonly status: 'skipped'; readonly reason: 'no-need-failed'}
  | ({readonly status: 'skipped'; readonly reason: 'fail-fast'} & FailFastCause)
  | {readonly status: 'skipped'; readonly reason: 'total-timeout'; readonly timeoutMs: number}
  | {readonly status: 'skipped'; readonly reason: 'cancelled'}
  /** PowerShell ended `failedStarts` times in a row before a task began. `cause`: the task whose log shows why. */
  | {readonly status: 'skipped'; readonly reason: 'no-worker'; readonly failedStarts: number; readonly cause: Task}
  /** Its worker did not start within `setup-timeout`, modules and `setup` included. */
  | {readonly status: 'skipped'; readonly reason: 'setup-timeout'; readonly timeoutMs: number}
  /** A bug in the pool stopped the run. */
  | {readonly status: 'skipped'; readonly reason: 'internal'; readonly message: string}

/** The task was not run again: it succeeded in an earlier run, and is as it was. Times are milliseconds, since the epoch where they are moments. */
export interface Kept {
  readonly status: 'kept'
  readonly reason: 'kept'
  readonly exitCode: number
  /** When it ran: the start of the run in which it did. */
  readonly ranAt: number
  /** The sum of its attempts then. */
  readonly durationMs: number
  /** Its outputs and its summary. It changed no environment, or it would have run again. */
  readonly changes: TaskChanges
}

/** The outcome of a task: the end of its last attempt, or the reason it had none. */
export type Verdict = AttemptEnd | Skip | Kept

/** A limit of the run that stopped it. It fails the run even if every failed task may fail. */
export type RunLimit =
  | {readonly reason: 'total-timeout'; readonly timeoutMs: number}
  | {readonly reason: 'no-worker'; readonly failedStarts: number; readonly cause: Task}
  | {readonly reason: 'setup-timeout'; readonly timeoutMs: number}
  /** An exception that nothing in the run could handle. `message`: a sentence that says what, and whether it is a bug in the pool. */
  | {readonly reason: 'internal'; readonly message: string}

/** The word for a verdict in logs, outputs and reports. */
export type Status = Verdict['status']

/** The output of an attempt, kept until every reader has read it. */
export interface RecordedOutput {
  /** Bytes of both streams together, recorded or not. */
  readonly size: number
  /**
   * Its parts in order of arrival, in groups of about as much as is best shown at once. Empty if the listener asked for no record. The bytes of a group
   * may be overwritten when the next one is asked for: a reader that keeps them has to copy them.
   */
  parts(): AsyncIterable<readonly OutputPart[]>
}

/** A process that outlived its task. */
export interface LeftProcess {
  readonly pid: number
  /** Its program's name. */
  readonly name: string
  /** `true` if the pool ended it; `false` if it runs on. */
  readonly isEnded: boolean
}

/** Output that is not read for workflow commands yet. */
export interface UnreadOutput {
  /** The bytes in order. */
  chunks(): AsyncIterable<Uint8Array>
}

/** Output that came through the pipes of a task after its end. */
export interface LateOutput extends UnreadOutput {
  /** Bytes kept: the last ones, in whole lines. */
  readonly size: number
  /** Bytes dropped before them. */
  readonly leftOut: number
  /** `true` if a process still had the pipes open when they were closed. */
  readonly wasHeld: boolean
}

/** Late output of what a task left running. `task` is `undefined` for what one of several tasks has printed, and it is not known which. */
export interface LeftByTask {
  readonly task: Task | undefined
  readonly output: LateOutput
}

/** What `retry` found in a failed attempt, and thereby decided whether it is followed by another one. */
export interface MatchedCause {
  /** `on` for another attempt, `not` for none. */
  readonly list: 'on' | 'not'
  readonly kind: 'match' | 'exception'
  /** What was printed, or the type or id of the error: about 1000 UTF-16 units of it at most, masked with what was known when it was found. */
  readonly text: string
}

/** The objects that an attempt emitted. */
export interface EmittedObjects {
  /** Kept ones. */
  readonly count: number
  /** Ones that found no room, or could not be read. */
  readonly leftOut: number
  /** A line of JSON for each, absolute; absent if there are none. It exists until the reports are written. */
  readonly file: string
}

/** A finished attempt. Times are milliseconds since the epoch. */
export interface Attempt {
  /** From 1. */
  readonly number: number
  /** The slot it ran in: 0 to `maxParallel` - 1. */
  readonly worker: number
  readonly startedAt: number
  readonly endedAt: number
  readonly end: AttemptEnd
  /** Its requests to the runner: outputs, environment, path, summary, artifacts. */
  readonly changes: TaskChanges
  /** What it emitted as objects, for a task that keeps them. */
  readonly objects?: EmittedObjects | undefined
  /** Processes that it left running, as far as the platform lists them. */
  readonly left: readonly LeftProcess[]
  /** Absent if `retry` decided by neither text nor error. */
  readonly matched?: MatchedCause | undefined
}

/** A finished task. */
export interface TaskRecord {
  readonly task: Task
  /** In order; empty for a skipped or a kept task. */
  readonly attempts: readonly Attempt[]
  readonly verdict: Verdict
  /** In a merged run: the shard that ran the task as recorded here, from 0. */
  readonly shard?: number | undefined
}

/** A PowerShell that can run tasks. */
export interface PowerShell {
  /** The program to start; absolute. */
  readonly command: string
  /** Arguments in front of the pool's own. */
  readonly leadingArguments: readonly string[]
  /** `pwsh`, or `powershell` for Windows PowerShell. */
  readonly edition: 'pwsh' | 'powershell'
  /** Such as `7.6.5` or `7.7.0-preview.1`. */
  readonly version: string
}

/** Hashes that say whether two runs had the same list, timings and plan, on any machine. 32 hexadecimal digits each. */
export interface PlanHashes {
  /** Of the list that was planned, before it is cut into shards: see `hashList`. */
  readonly list: string
  /** Of the recorded durations that the plan used; `undefined` if none of its tasks has any. */
  readonly timings: string | undefined
  /** Of all shards together; `undefined` for a run without `shard`. */
  readonly plan: string | undefined
}

/** The shard of a run. */
export interface ShardOfRun {
  /** From 0. */
  readonly index: number
  /** The number of tasks in each shard, by index: as many as there are shards. */
  readonly sizes: readonly number[]
}

/** What a run was made from. */
export interface RunPlan {
  /** Tasks in the list that was planned, before it is cut into shards. */
  readonly listed: number
  readonly hashes: PlanHashes
  /** `undefined` for a run of the whole list. */
  readonly shard: ShardOfRun | undefined
}

/** A finished run. Totals are derived from it, never stored. Times are milliseconds since the epoch. */
export interface RunRecord {
  readonly plan: RunPlan
  /** Every PowerShell used, in the order of the tasks. */
  readonly powershells: readonly PowerShell[]
  readonly maxParallel: number
  readonly startedAt: number
  readonly endedAt: number
  /** `true` if a signal ended the run early. */
  readonly cancelled: boolean
  /** The first limit of the run that was reached. */
  readonly limit?: RunLimit | undefined
  /** What a flaky task means for the run; absent for `warn`. */
  readonly flaky?: FlakyMode | undefined
  /** In declared order. */
  readonly tasks: readonly TaskRecord[]
}

/** What a run was a run of. */
export interface RunOrigin {
  /** The repository, as CI names it; `null` if unknown. */
  readonly repository: string | null
  /** The commit that was checked out; `null` if unknown. */
  readonly commit: string | null
  /** The run of the workflow, and which attempt of it; `null` or absent if unknown. */
  readonly run?: {readonly id: string; readonly attempt: number} | null | undefined
}

/** Events of processes, for debug logs and warnings. */
export type ProcessEvent =
  /** A worker process has started. */
  | {readonly type: 'worker-started'; readonly pid: number; readonly edition: PowerShell['edition']; readonly isolation: Task['isolation']}
  /** It is ready for a task. */
  | {readonly type: 'worker-ready'; readonly pid: number; readonly bootMs: number}
  /** It ended before it was ready. */
  | {readonly type: 'worker-lost'; readonly pid: number; readonly bootMs: number}
  /** A signal to a process or to its process group. `at`: milliseconds since the epoch. */
  | {
      readonly type: 'signal-sent'
      readonly signal: NodeJS.Signals | 'taskkill'
      readonly pid: number
      readonly isGroup: boolean
      /** Its program's name; `undefined` if unknown. */
      readonly name: string | undefined
      readonly at: number
      readonly outcome: 'sent' | 'refused'
    }
  /** It, or a descendant, still lives after everything was tried to end it. */
  | {readonly type: 'process-not-ended'; readonly pid: number}
  /** Processes cannot be listed, and no further attempt is made: leftovers are not found. */
  | {readonly type: 'processes-unlisted'; readonly because: string}

/** Everything that happens in a run, in order. Logs, the terminal and the reports read nothing else. */
export type PoolEvent =
  | {
      readonly type: 'run-started'
      readonly plan: RunPlan
      readonly tasks: readonly Task[]
      readonly powershells: readonly PowerShell[]
      readonly maxParallel: number
      /** The tasks that do not run again, in declared order; `task-ended` follows for each. Absent for none. */
      readonly kept?: readonly TaskRecord[] | undefined
    }
  /** Output of modules and `setup` in the first worker that got a task. */
  | {readonly type: 'worker-booted'; readonly text: string}
  /** A warm worker was retired. `tasks`: the number it has run to their end. */
  | {readonly type: 'worker-retired'; readonly tasks: number; readonly because: string}
  /** A task has a slot, and one of each of its locks, and waits for its worker. `since`: milliseconds since the epoch. */
  | {readonly type: 'attempt-waiting'; readonly task: Task; readonly lockSlots: ReadonlyMap<Lock, number>; readonly since: number}
  | {
      readonly type: 'attempt-started'
      readonly task: Task
      readonly number: number
      readonly worker: number
      readonly startedAt: number
      /** Of the worker's process. */
      readonly pid?: number | undefined
    }
  /** The attempt has run for `afterMs`, which is slow for its task. Once for a task. `usualMs`: what it usually takes; `undefined` if unknown. */
  | {
      readonly type: 'task-slow'
      readonly task: Task
      readonly number: number
      readonly afterMs: number
      readonly usualMs: number | undefined
    }
  /** The run was cancelled, and a second later these tasks have not ended. */
  | {readonly type: 'still-ending'; readonly tasks: readonly Task[]}
  /** The attempt is being ended; `attempt-ended` follows. */
  | {readonly type: 'attempt-ending'; readonly task: Task; readonly number: number; readonly end: AttemptEnd}
  | {
      readonly type: 'attempt-ended'
      readonly task: Task
      readonly attempt: Attempt
      readonly output: RecordedOutput
      /** Delay before the next attempt, in milliseconds; `undefined` if this was the last. */
      readonly retryInMs: number | undefined
    }
  | {readonly type: 'task-ended'; readonly record: TaskRecord}
  /** The pipes of a finished task were closed; `output` is what came after its end. */
  | ({readonly type: 'left-output'} & LeftByTask)
  | {readonly type: 'run-ended'; readonly record: RunRecord}
  | ProcessEvent

/** An attempt is over. */
export type AttemptEnded = Extract<PoolEvent, {type: 'attempt-ended'}>

/** Reads events one after another: the next one waits until the returned promise settles. */
export type EventReader = (event: PoolEvent) => void | Promise<void>
