import type {Isolation, RetryPolicy, SlowLimit} from './task.ts'

/** Effect of a failure on other tasks: none, no new ones start, or running ones are ended too. */
export type FailFast = 'false' | 'no-new' | 'true'

/** From how many failures `fail-fast` acts: a number of tasks, or a share of all (above 0, at most 100, with two decimals). */
export type MaxFailures = {readonly kind: 'count'; readonly count: number} | {readonly kind: 'percentage'; readonly percent: number}

/** Processes that outlive their task: kept, as in a step, or ended. */
export type Leftovers = 'keep' | 'end'

/** Tasks on the job summary: all, only those that did not succeed, or no page. */
export type SummaryMode = 'all' | 'failures' | 'none'

/** Order of output in the step log: a block for each attempt at its end, or each line at once. */
export type LogMode = 'grouped' | 'live'

/** Workflow commands of tasks: honored, or ignored except that values are masked. */
export type CommandMode = 'forward' | 'ignore'

/** A module by name or path, in one exact version or in any. */
export interface ModuleToImport {
  readonly name: string
  readonly version: string | undefined
}

/** Origin of the task list. `source`: its name in messages. */
export type ListSource =
  | {readonly kind: 'inline'; readonly source: string; readonly text: string}
  | {readonly kind: 'files'; readonly source: string; readonly patterns: readonly string[]}
  /** PowerShell whose output objects are the entries. */
  | {readonly kind: 'script'; readonly source: string; readonly text: string}

/** The part of a list that a run has. */
export interface ShardChoice {
  /** From 0. */
  readonly index: number
  /** Of all shards, above `index`. */
  readonly count: number
}

/** Successes after a failed attempt: counted, also told by a warning, or a failure of the run. */
export type FlakyMode = 'pass' | 'warn' | 'fail'

/** A file that an input names. */
export interface NamedFile {
  /** Absolute. */
  readonly file: string
  /** As it was given, for messages. */
  readonly shown: string
}

/** All settings of a run, from inputs or options. */
export interface Settings {
  readonly list: ListSource
  /** Absolute; base of relative paths in the list. */
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
  readonly flaky: FlakyMode
  readonly maxFailures: MaxFailures
  /** Default for each attempt, in milliseconds; 0 for none. */
  readonly timeoutMs: number
  /** For all tasks together, in milliseconds; 0 for none. */
  readonly totalTimeoutMs: number
  readonly retry: RetryPolicy
  /** Default for each task. */
  readonly slow: SlowLimit
  /** Default success codes: at least one. */
  readonly successCodes: readonly number[]
  /** Default: whether what tasks emit is kept as objects. */
  readonly objects: boolean
  /** Imported in every worker before its task. */
  readonly modules: readonly ModuleToImport[]
  /** Script text run in every worker before its task; blank for none. */
  readonly setup: string
  /** Script text run once, before everything else; blank for none. */
  readonly setupOnce: string
  /** Limit of `setup-once`, of each start of a worker, with modules and `setup`, and of each further run of `setup`, in milliseconds; 0 for none. */
  readonly setupTimeoutMs: number
  /** Applies to tasks that end by themselves. */
  readonly leftovers: Leftovers
  /** Tasks until a warm worker is replaced, from 1. */
  readonly maxTasksPerWorker: number
  /** Workers booted at the start, from 0; never more than tasks or slots. */
  readonly minParallel: number
  readonly log: LogMode
  /** Silence until the log names the running tasks, in milliseconds; 0 for never. */
  readonly heartbeatMs: number
  /** The folder for the complete log of each attempt; absolute. */
  readonly logs: string | undefined
  /** Absolute path of the file for the objects of all tasks. */
  readonly objectsFile: string | undefined
  /** `false` suppresses annotations, of tasks and of the action. */
  readonly annotations: boolean
  readonly workflowCommands: CommandMode
  readonly summary: SummaryMode
  /** Absolute path of a copy of the JSON report. */
  readonly jsonReport: string | undefined
  /** Absolute path of the JUnit report. */
  readonly junitReport: string | undefined
  /** `undefined` for the whole list. */
  readonly shard: ShardChoice | undefined
  /** Absolute path of the recorded durations. */
  readonly timingsFile: string | undefined
  /** Absolute path of the report as a page. */
  readonly htmlReport: string | undefined
  /** Absolute path of the run as a zip. */
  readonly recording: string | undefined
  /** Absolute path of the run as a trace. */
  readonly traceReport: string | undefined
  /** The report of the run that is resumed; `undefined` to run all. */
  readonly resumeFrom: NamedFile | undefined
  /** Print the plan and exit. */
  readonly dryRun: boolean
}

/** The files that hold the logs of attempts, beside the folder of `logs`. */
export type LogFiles = Pick<Settings, 'htmlReport' | 'recording'>

/** Whether any of these files is wanted, so that outputs are read once more when their attempts are over. */
export function keepsLogs({htmlReport, recording}: Partial<LogFiles>): boolean {
  return htmlReport !== undefined || recording !== undefined
}

/** No second attempt; the defaults of a bare `retry: N`. */
export const noRetry: RetryPolicy = {
  times: 0,
  delayMs: 0,
  backoff: 1,
  maxDelayMs: Number.POSITIVE_INFINITY,
  jitter: false,
  on: undefined,
  not: []
}

/** Upper limit of `max-tasks-per-worker`. */
export const maxTasksPerWorkerLimit = 1_000_000

/** Upper limit of `max-failures`: a list has no more tasks. */
export const maxFailuresLimit = 100_000

/** The most shards that a list is cut into. */
export const maxShards = 1000

/** Forms of the file of objects, by its extension. */
export const objectsFileForms = ['json', 'ndjson', 'csv'] as const

/** The form of a file of objects. */
export type ObjectsFileForm = (typeof objectsFileForms)[number]

/** The form of a file by its extension, whatever its case; `undefined` for any other. */
export function objectsFileForm(file: string): ObjectsFileForm | undefined {
  return objectsFileForms.find(form => file.toLowerCase().endsWith(`.${form}`))
}

/** Upper limit of `max-parallel`. */
export const maxParallelLimit = 256
