/** The end of a worker's process. */
export type ProcessEnd =
  | {readonly reason: 'exited'; readonly exitCode: number}
  | {readonly reason: 'killed'; readonly signal: NodeJS.Signals}
  | {readonly reason: 'not-started'; readonly message: string}
  /** Another task ended the process that they shared. */
  | {readonly reason: 'worker-lost'; readonly message: string}
  /** A bug in the pool: an exception while the process was read or ended; it has been killed. */
  | {readonly reason: 'internal'; readonly message: string}
