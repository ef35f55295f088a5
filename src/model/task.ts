/**
 * A value as the task list gives it and as PowerShell receives it. `bigint` is a whole number of any size (PowerShell makes it an int, a long
 * or a bigint), `number` a double, an array an `object[]`, a map a hashtable. A `Map`, not an object: a key may be `__proto__`.
 */
export type Value = null | boolean | bigint | number | string | readonly Value[] | ValueMap

/** A map of values in the order of the document. Two keys never differ in case alone, because to PowerShell they would be one. */
export type ValueMap = ReadonlyMap<string, Value>

/** What a task runs: script text, or a script file by its absolute path. */
export type TaskScript = {readonly kind: 'run'; readonly text: string} | {readonly kind: 'file'; readonly path: string}

/** What a task shares with earlier ones: nothing, a process, a process and its runspace; `thread`: also with those that run at the same time. */
export type Isolation = 'process' | 'runspace' | 'none' | 'thread'

/** Start of a task with needs: after success of all, after a failure among them or theirs, or in any case. */
export type When = 'success' | 'failure' | 'always'

/** Whether a task that succeeded in an earlier run may be kept from it: if it is unchanged, or never. */
export type Resume = 'auto' | 'never'

/**
 * Failures by what went wrong: any but a timeout and a lost worker, a timeout, the loss of the worker by another task, one exit code, what was printed last,
 * or the error.
 */
export type RetryCause = 'error' | 'timeout' | 'worker-lost' | number | MatchCause | ExceptionCause

/** A failure of which the output matches. */
export interface MatchCause {
  /** A regular expression that `compilePattern` accepts. */
  readonly match: string
}

/** A failure by an error of PowerShell. */
export interface ExceptionCause {
  /** The name of a type that `catch` would match, or the FullyQualifiedErrorId; see `isError`. */
  readonly exception: string
}

/** Retries of a failed task. */
export interface RetryPolicy {
  /** Attempts after the first; 0 for none. */
  readonly times: number
  /** Wait before the second attempt, in milliseconds. */
  readonly delayMs: number
  /** Factor of the wait from attempt to attempt; 1 keeps it. */
  readonly backoff: number
  /** The longest wait, in milliseconds. */
  readonly maxDelayMs: number
  /** Whether each wait is shortened by chance, to half of it at most. */
  readonly jitter: boolean
  /** The causes that are retried; `undefined` for all. */
  readonly on: readonly RetryCause[] | undefined
  /** The causes that are not retried, whatever `on` says. */
  readonly not: readonly RetryCause[]
}

/** Whether what is kept for a failed attempt, counted from 1, has to include what `match` or `exception` looks at: it may be tried again by such a cause. */
export function isDecidedBy(kind: 'match' | 'exception', {times, on = [], not}: RetryPolicy, attempt: number): boolean {
  return attempt <= times && [...on, ...not].some(cause => typeof cause === 'object' && kind in cause)
}

/** When a task that runs is slow: after so many milliseconds (0 for never), or times what it usually takes. */
export type SlowLimit = {readonly ms: number} | {readonly times: number}

/** What earlier runs recorded of a task. */
export interface RecordedDurations {
  /** The median of its successful attempts, in milliseconds. */
  readonly medianMs: number
  /** How many are recorded, from 1. */
  readonly samples: number
}

/** One entry of a task's `needs`, resolved. */
export interface Need {
  /** The id as it was written: of a task, or of a group. */
  readonly id: string
  /** Whether the id names a group, even of one member. */
  readonly isGroup: boolean
  /** The needed tasks, by `Task.index`, in item order. */
  readonly tasks: readonly number[]
}

/** Something that only so many tasks can use at a time. Tasks of one list that name the same lock have the same object. */
export interface Lock {
  readonly name: string
  /** The environment variable that tells a task its slot: `PWSH_POOL_LOCK_…`. Differs from lock to lock. */
  readonly variable: string
  /** How many tasks have the lock at a time, from 1. Each of them has a slot of its own, 0 to `room` - 1. */
  readonly room: number
  /** Whether that counts for all machines that run parts of one list, or on each machine by itself. */
  readonly per: 'all' | 'machine'
}

/** A position in the user's text. */
export interface Place {
  /** The input's name (`tasks`) or the path of the file as the user gave it. */
  readonly source: string
  /** The file's path relative to the workspace, or `undefined` for an inline list. */
  readonly file: string | undefined
  /** From 1; the entry's number if a script made the list. */
  readonly line: number
  /** From 1, in UTF-16 units. */
  readonly column: number
  /** `true` if messages name only the entry. */
  readonly isByEntry?: boolean
}

/** One task after expansion: every default applied, every path absolute, every reference resolved. */
export interface Task {
  /** Position in declared order, from 0. */
  readonly index: number
  /** Position in the whole list, from 0: `index`, unless this is a part of the list. */
  readonly position: number
  /** Unique in the list, and the same in its next version wherever the task is: the id, or for a member of a group the group's id and a hash (`keyTasks`). */
  readonly key: string
  /** Changes with what the task runs (see `fingerprintTasks`); `null` if it has none, or before the run is planned. */
  readonly fingerprint: string | null
  /** Unique without regard to case; `[\p{L}_][\p{L}\p{N}_-]*`. */
  readonly id: string
  /** The id of the group that it is a member of, made by `foreach`, `matrix` or several files; `undefined` for a task of its own. */
  readonly group: string | undefined
  /** Shown everywhere; one line, never empty. */
  readonly name: string
  /** `true` if the name is a line of the script, which may contain a secret that only the runner knows. */
  readonly isNamedByScript: boolean
  readonly script: TaskScript
  /** Splatted by name; `undefined` where the field is absent, which is not the same as an empty map for `run`. */
  readonly parameters: ValueMap | undefined
  /** Positional, after the parameters; `undefined` where the field is absent. */
  readonly arguments: readonly Value[] | undefined
  /** The item of `foreach` or combination of `matrix`, which is `$_` in `run`; `undefined` without them (a null item is `null`). */
  readonly item: Value | undefined
  readonly needs: readonly Need[]
  readonly when: When
  /** On top of the step's environment; null removes a variable. */
  readonly env: ReadonlyMap<string, string | null>
  /** Absolute. */
  readonly workingDirectory: string
  /** For each attempt, in milliseconds; 0 for none. */
  readonly timeoutMs: number
  readonly retry: RetryPolicy
  /** Absent for never. */
  readonly slow?: SlowLimit | undefined
  /** Absent if nothing is recorded, or nothing is read. */
  readonly recorded?: RecordedDurations | undefined
  readonly continueOnError: boolean
  /** The exit codes that are a success: at least one. */
  readonly successCodes: readonly number[]
  /** What it holds while an attempt runs. No two have one name. */
  readonly locks: readonly Lock[]
  /** Runs in each shard that has a task that needs it, or in all of them if none does; other tasks run in one. */
  readonly isInEachShard: boolean
  readonly isolation: Isolation
  /** Whether what it emits is kept as objects. */
  readonly objects: boolean
  /** The PowerShell to use, as the `shell` input takes it. */
  readonly shell: string
  readonly resume: Resume
  readonly place: Place
}
