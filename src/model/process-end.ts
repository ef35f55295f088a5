/** The error of PowerShell by which a task failed: one that nothing caught, or a script that could not be parsed. */
export interface TaskError {
  /** The types of exceptions that `catch [type]` would match, base types included, by their full names without assemblies. At most 6000 UTF-16 units. */
  readonly types: readonly string[]
  /** The FullyQualifiedErrorId, of which at most 1500 UTF-16 units. For `throw 'text'` it is the text. */
  readonly id: string
}

/** The end of a worker's process. */
export type ProcessEnd =
  /** `error`: of a task that failed by an error of PowerShell, as far as it was asked for. */
  | {readonly reason: 'exited'; readonly exitCode: number; readonly error?: TaskError | undefined}
  | {readonly reason: 'killed'; readonly signal: NodeJS.Signals}
  | {readonly reason: 'not-started'; readonly message: string}
  /** Another task ended the process that they shared. */
  | {readonly reason: 'worker-lost'; readonly message: string}
  /** A bug in the pool: an exception while the process was read or ended; it has been killed. */
  | {readonly reason: 'internal'; readonly message: string}
