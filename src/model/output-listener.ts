import type {Task} from './task.ts'

/** Hears what one attempt prints, as it is printed and before it is recorded. */
export interface OutputListener {
  /** Whether what it hears is recorded, to be read when the attempt is over. If not, there is nothing to read then. */
  readonly isRecorded: boolean
  /**
   * Takes the next chunk of a stream. If it returns a promise, no more of this stream is read until that is settled; it never rejects.
   */
  hear(stream: 'stdout' | 'stderr', chunk: Buffer): Promise<void> | undefined
  /** The end of the part of a line without an end that may be recorded apart from the rest, in bytes; 0 for none of it yet. */
  safeEnd(bytes: Buffer): number
  /** Nothing more will come. Resolves when all that was heard is dealt with. */
  finish(): Promise<HeardOutput>
}

/** What was heard in all. */
export interface HeardOutput {
  /** That the task asked for in what it printed. */
  readonly outputs: ReadonlyMap<string, string>
  /** Whether `::` or `##[` may stand in what it printed. */
  readonly hasCommandSigns: boolean
}

/** Makes the listener of an attempt, which is counted from 1. */
export type ListenTo = (task: Task, attempt: number) => OutputListener

/** Hears what modules and `setup` print in one worker, as it is printed: what they announce as secret is not to be seen from then on. */
export type SetupListener = Pick<OutputListener, 'hear'>

/** Makes the listener of a worker. */
export type ListenToSetup = () => SetupListener
