import type {Isolation, RetryPolicy} from './task.ts'

/** What a failed task means for the others: they all run, no more are started, or those that run are ended too. */
export type FailFast = 'false' | 'no-new' | 'true'

/** Whether processes that a task leaves behind live on, as those of a step do, or are ended. */
export type Leftovers = 'keep' | 'end'

/** Which tasks the job summary lists: all, or those that did not succeed; or that there is no page. */
export type SummaryMode = 'all' | 'failures' | 'none'

/** How the step log shows what tasks print: a block for each attempt when it ends, or every line at once. */
export type LogMode = 'grouped' | 'live'

/** Whether workflow commands that tasks print are honored, or none but that values are masked all the same. */
export type CommandMode = 'forward' | 'ignore'

/** A module by name or path, in one exact version or in any. */
export interface ModuleToImport {
  readonly name: string
  readonly version: string | undefined
}

/** Where the task list comes from. `source`: what mistakes name. */
export type ListSource =
  | {readonly kind: 'inline'; readonly source: string; readonly text: string}
  | {readonly kind: 'files'; readonly source: string; readonly patterns: readonly string[]}
  /** PowerShell whose output objects are the entries. */
  | {readonly kind: 'script'; readonly source: string; readonly text: string}

/** Everything a run can be told, whoever told it: the inputs of the action or the options of a terminal. */
export interface Settings {
  readonly list: ListSource
  /** Absolute; what relative paths of the list are looked up in. */
  readonly workspace: string
  /** Absolute. */
  readonly workingDirectory: string
  /** Tasks at a time, 1 to 256. */
  readonly maxParallel: number
  /** Of the machine, from 1. */
  readonly processors: number
  readonly isolation: Isolation
  /** `pwsh`, `powershell`, a path, or a command line with leading arguments. */
  readonly shell: string
  readonly failFast: FailFast
  /** For each attempt of a task that has none of its own, in milliseconds; 0 for none. */
  readonly timeoutMs: number
  /** For all tasks together, in milliseconds; 0 for none. */
  readonly totalTimeoutMs: number
  readonly retry: RetryPolicy
  /** The exit codes that are a success, for a task that has none of its own: at least one. */
  readonly successCodes: readonly number[]
  /** Imported in every worker before its task. */
  readonly modules: readonly ModuleToImport[]
  /** Script text that is run in every worker before its task; blank for none. */
  readonly setup: string
  /** For each start of a worker, with modules and `setup`, and each further run of `setup`, in milliseconds; 0 for none. */
  readonly setupTimeoutMs: number
  /** What becomes of processes that a task leaves behind when it ends by itself. */
  readonly leftovers: Leftovers
  /** After how many tasks a warm worker is replaced, from 1. */
  readonly maxTasksPerWorker: number
  /** Workers booted at the start, from 0; never more than there are tasks or places. */
  readonly minParallel: number
  readonly log: LogMode
  /** How long the log may be silent before it tells what runs, in milliseconds; 0 for as long as it likes. */
  readonly heartbeatMs: number
  /** The folder for the complete log of each attempt; absolute. */
  readonly logs: string | undefined
  /** Whether annotations are given, by tasks or by the action. */
  readonly annotations: boolean
  readonly workflowCommands: CommandMode
  /** Which tasks the job summary lists, or that there is none. */
  readonly summary: SummaryMode
  /** Where the JSON report is written too; absolute. */
  readonly jsonReport: string | undefined
  /** Where a JUnit report is written; absolute. */
  readonly junitReport: string | undefined
  /** Print the plan and start nothing. */
  readonly dryRun: boolean
}

/** No second attempt; the shape that a bare `retry: N` fills in. */
export const noRetry: RetryPolicy = {times: 0, delayMs: 0, backoff: 1, maxDelayMs: Number.POSITIVE_INFINITY, on: undefined}

/** The most tasks that a warm worker may be told to run. */
export const maxTasksPerWorkerLimit = 1_000_000

/** The most tasks at a time. */
export const maxParallelLimit = 256
