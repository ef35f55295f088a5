import type {Isolation, RetryPolicy} from './task.ts'

/** What a failed task means for the others: they all run, no more are started, or those that run are ended too. */
export type FailFast = 'false' | 'no-new' | 'true'

/** Where the task list comes from. */
export type ListSource = {readonly kind: 'inline'; readonly text: string} | {readonly kind: 'files'; readonly patterns: readonly string[]}

/** Everything a run can be told, whoever told it: the inputs of the action or the options of a terminal. */
export interface Settings {
  readonly list: ListSource
  /** Absolute; what relative paths of the list are looked up in. */
  readonly workspace: string
  /** Absolute. */
  readonly workingDirectory: string
  /** Tasks at a time, 1 to 256. */
  readonly maxParallel: number
  readonly isolation: Isolation
  /** `pwsh`, `powershell`, a path, or a command line with leading arguments. */
  readonly shell: string
  readonly failFast: FailFast
  /** For each attempt of a task that has none of its own, in milliseconds; 0 for none. */
  readonly timeoutMs: number
  /** For all tasks together, in milliseconds; 0 for none. */
  readonly totalTimeoutMs: number
  readonly retry: RetryPolicy
  /** Print the plan and start nothing. */
  readonly dryRun: boolean
}

/** No second attempt; the shape that a bare `retry: N` fills in. */
export const noRetry: RetryPolicy = {times: 0, delayMs: 0, backoff: 1, maxDelayMs: Number.POSITIVE_INFINITY, on: undefined}

/** Every default of the action, as the text that one would give. `action.yml` is proven to say the same. */
export const defaults = {
  'max-parallel': 'auto',
  shell: 'pwsh',
  'fail-fast': 'false',
  timeout: '0',
  'total-timeout': '0',
  retry: '0',
  'dry-run': 'false'
} as const

/** The most tasks at a time. */
export const maxParallelLimit = 256
