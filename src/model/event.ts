import type {Task} from './task.ts'
import type {TaskChanges} from './task-changes.ts'

/** How one attempt ended. `status` is what a user sees, `reason` tells the ways to it apart. */
export type AttemptEnd =
  /** With one of the task's `successCodes`. */
  | {readonly status: 'success'; readonly reason: 'exit'; readonly exitCode: number}
  | {readonly status: 'failure'; readonly reason: 'exit-code'; readonly exitCode: number}
  /** The process was ended by a signal that was not ours: a crash, the out-of-memory killer, the task itself. */
  | {readonly status: 'failure'; readonly reason: 'killed'; readonly signal: NodeJS.Signals}
  /** The script succeeded, but what it wrote for the runner (GITHUB_OUTPUT and its like) cannot be used. */
  | {readonly status: 'failure'; readonly reason: 'wrong-file'; readonly message: string}
  /** The task could not be started at all. */
  | {readonly status: 'failure'; readonly reason: 'not-started'; readonly message: string}
  /** PowerShell ended so many times in a row (`failedStarts`) before a task began; this task was the last to try. */
  | {readonly status: 'failure'; readonly reason: 'no-worker'; readonly failedStarts: number; readonly message: string}
  /** A bug of ours: something was thrown while the attempt was run, ended or cleared up. */
  | {readonly status: 'failure'; readonly reason: 'internal'; readonly message: string}
  /** A bug of ours elsewhere: the run was broken off while this went on. */
  | {readonly status: 'cancelled'; readonly reason: 'internal'; readonly message: string}
  | {readonly status: 'timed-out'; readonly reason: 'timeout'; readonly timeoutMs: number}
  | {readonly status: 'timed-out'; readonly reason: 'total-timeout'; readonly timeoutMs: number}
  | {readonly status: 'cancelled'; readonly reason: 'cancelled'}
  | {readonly status: 'cancelled'; readonly reason: 'fail-fast'; readonly cause: Task}

/** Why a task never ran. */
export type Skip =
  | {readonly status: 'skipped'; readonly reason: 'need-did-not-succeed'; readonly need: Task}
  | {readonly status: 'skipped'; readonly reason: 'no-need-failed'}
  | {readonly status: 'skipped'; readonly reason: 'fail-fast'; readonly cause: Task}
  | {readonly status: 'skipped'; readonly reason: 'total-timeout'; readonly timeoutMs: number}
  | {readonly status: 'skipped'; readonly reason: 'cancelled'}
  /** PowerShell ended so many times in a row before a task began. `cause`: the task that says why. */
  | {readonly status: 'skipped'; readonly reason: 'no-worker'; readonly failedStarts: number; readonly cause: Task}
  /** The start of a worker for it, with modules and `setup`, did not come to its end. */
  | {readonly status: 'skipped'; readonly reason: 'setup-timeout'; readonly timeoutMs: number}
  /** The run was broken off because of a bug of ours. */
  | {readonly status: 'skipped'; readonly reason: 'internal'; readonly message: string}

/** What became of a task: the end of its last attempt, or why it had none. */
export type Verdict = AttemptEnd | Skip

/** What of the run itself kept tasks from starting, or ended them. Reached, it fails the run, whatever its tasks may. */
export type RunLimit =
  | {readonly reason: 'total-timeout'; readonly timeoutMs: number}
  | {readonly reason: 'no-worker'; readonly failedStarts: number; readonly cause: Task}
  | {readonly reason: 'setup-timeout'; readonly timeoutMs: number}
  /** Something was thrown that nothing in the run could deal with. `message`: a sentence that says what, and whether it is a bug of ours. */
  | {readonly reason: 'internal'; readonly message: string}

/** The word for a verdict in logs, outputs and reports. */
export type Status = Verdict['status']

/** What an attempt printed, kept until every reader is done with it. */
export interface RecordedOutput {
  /** Bytes in all, both streams; printed, if it is not recorded. */
  readonly size: number
  /** Whether `::` or `##[` may stand in it: without them there is no workflow command in it, however it is cut. */
  readonly hasCommandSigns: boolean
  /**
   * The bytes from the start, whole lines of either stream in the order in which they arrived. None where who listened to the attempt wants no record.
   */
  chunks(): AsyncIterable<Uint8Array>
}

/** A process that a task left behind. */
export interface LeftProcess {
  readonly pid: number
  /** The name of its program. */
  readonly name: string
  /** Whether it has been ended. If not, it runs on. */
  readonly isEnded: boolean
}

/** What came through the pipes of a task after it was over. */
export interface LateOutput extends Pick<RecordedOutput, 'chunks'> {
  /** Bytes that are kept: the last ones, in whole lines. */
  readonly size: number
  /** Bytes before them that are not. */
  readonly leftOut: number
  /** Whether somebody still held the pipes when they were closed. */
  readonly wasHeld: boolean
}

/** What was printed by what a task left running. */
export interface LeftByTask {
  readonly task: Task
  readonly output: LateOutput
}

/** One attempt of a task, over. Times are milliseconds since the epoch. */
export interface Attempt {
  /** From 1. */
  readonly number: number
  /** The slot it ran in: 0 to `maxParallel` - 1. */
  readonly worker: number
  readonly startedAt: number
  readonly endedAt: number
  readonly end: AttemptEnd
  /** What it asked the runner for. */
  readonly changes: TaskChanges
  /** What it left running, as far as the platform tells. */
  readonly left: readonly LeftProcess[]
}

/** One task, over. */
export interface TaskRecord {
  readonly task: Task
  /** In order; empty for a skipped task. */
  readonly attempts: readonly Attempt[]
  readonly verdict: Verdict
}

/** The PowerShell that runs the tasks, as it told of itself. */
export interface PowerShell {
  /** What is started: an absolute path. */
  readonly command: string
  /** Put before our own arguments. */
  readonly leadingArguments: readonly string[]
  /** `pwsh`, or `powershell` for Windows PowerShell. */
  readonly edition: 'pwsh' | 'powershell'
  /** As it prints it: `7.6.5`, `7.7.0-preview.1`. */
  readonly version: string
}

/** The whole run, over. Totals are derived from it, never stored. Times are milliseconds since the epoch. */
export interface RunRecord {
  /** Each that was used, in the order of the tasks. */
  readonly powershells: readonly PowerShell[]
  readonly maxParallel: number
  readonly startedAt: number
  readonly endedAt: number
  /** Whether a signal ended it early. */
  readonly cancelled: boolean
  /** The first limit of the run that was reached; none where there was none. */
  readonly limit?: RunLimit | undefined
  /** In declared order. */
  readonly tasks: readonly TaskRecord[]
}

/** What happens to the processes of a run, for those who look for a mistake. */
export type ProcessEvent =
  /** A PowerShell of ours has been started. */
  | {readonly type: 'worker-started'; readonly pid: number; readonly edition: PowerShell['edition']; readonly isolation: Task['isolation']}
  /** It can be given a task. */
  | {readonly type: 'worker-ready'; readonly pid: number; readonly bootMs: number}
  /** It has ended before it could be given one. */
  | {readonly type: 'worker-lost'; readonly pid: number; readonly bootMs: number}
  /** A signal to a process, or to all of the group that it leads. `at`: milliseconds since the epoch. */
  | {
      readonly type: 'signal-sent'
      readonly signal: NodeJS.Signals | 'taskkill'
      readonly pid: number
      readonly isGroup: boolean
      /** Of its program; `undefined` where the platform does not tell. */
      readonly name: string | undefined
      readonly at: number
      readonly outcome: 'sent' | 'refused'
    }
  /** It lives on, or what it has started does, after all has been done to end them. */
  | {readonly type: 'process-not-ended'; readonly pid: number}
  /** There is no list of processes, and none is asked for any more: what a task leaves running is not found. */
  | {readonly type: 'processes-unlisted'; readonly because: string}

/** What the pool tells, in the order in which it happens. The step log, the terminal and the reports read this and nothing else. */
export type PoolEvent =
  | {
      readonly type: 'run-started'
      readonly tasks: readonly Task[]
      readonly powershells: readonly PowerShell[]
      readonly maxParallel: number
    }
  /** What modules and `setup` printed in the first worker that got a task. */
  | {readonly type: 'worker-booted'; readonly text: string}
  /** A warm worker takes no more tasks, and why. `tasks`: those that it has run to their end. */
  | {readonly type: 'worker-retired'; readonly tasks: number; readonly because: string}
  /** A task has a slot, and waits for its worker to be ready. `since`: milliseconds since the epoch. */
  | {readonly type: 'attempt-waiting'; readonly task: Task; readonly since: number}
  | {
      readonly type: 'attempt-started'
      readonly task: Task
      readonly number: number
      readonly worker: number
      readonly startedAt: number
      /** Of the process in which it runs. */
      readonly pid?: number | undefined
    }
  /** The run was cancelled a while ago, and these have not ended yet. */
  | {readonly type: 'still-ending'; readonly tasks: readonly Task[]}
  /** It is not over, but it is being ended. */
  | {readonly type: 'attempt-ending'; readonly task: Task; readonly number: number; readonly end: AttemptEnd}
  | {
      readonly type: 'attempt-ended'
      readonly task: Task
      readonly attempt: Attempt
      readonly output: RecordedOutput
      /** The wait before the next attempt, in milliseconds, or `undefined` if this was the last. */
      readonly retryInMs: number | undefined
    }
  | {readonly type: 'task-ended'; readonly record: TaskRecord}
  /** Its pipes are closed: what came through them after the task was over, printed by what it left running. */
  | {readonly type: 'left-output'; readonly task: Task; readonly output: LateOutput}
  | {readonly type: 'run-ended'; readonly record: RunRecord}
  | ProcessEvent

/** An attempt is over. */
export type AttemptEnded = Extract<PoolEvent, {type: 'attempt-ended'}>

/** Reads events one after another: the next one waits until what this returns is settled. */
export type EventReader = (event: PoolEvent) => void | Promise<void>
