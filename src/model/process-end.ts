/** How a process ended. */
export type ProcessEnd =
  | {readonly reason: 'exited'; readonly exitCode: number}
  | {readonly reason: 'killed'; readonly signal: NodeJS.Signals}
  | {readonly reason: 'not-started'; readonly message: string}
  /** A bug of ours: something was thrown where the process was read, listened to or ended; it has been killed. */
  | {readonly reason: 'internal'; readonly message: string}
