import type {Task} from './task.ts'

/** Receives the output of one attempt as it arrives, before it is recorded. */
export interface OutputListener {
  /** `false` if no output is recorded, so nothing can be read after the attempt. */
  readonly isRecorded: boolean
  /** Receives the next chunk of a stream. A returned promise pauses this stream until it settles; it never rejects. */
  hear(stream: 'stdout' | 'stderr', chunk: Buffer): Promise<void> | undefined
  /** For a line without an end: how many of its first bytes may be recorded separately; 0 for none yet. */
  safeEnd(bytes: Buffer): number
  /** Called when no more will come. Resolves when everything has been processed. */
  finish(): Promise<HeardOutput>
}

/** Findings in the whole output. */
export interface HeardOutput {
  /** Outputs set by workflow commands. */
  readonly outputs: ReadonlyMap<string, string>
  /** `false` if the output contained neither `::` nor `##[`. */
  readonly hasCommandSigns: boolean
}

/** Creates the listener of an attempt, numbered from 1. */
export type ListenTo = (task: Task, attempt: number) => OutputListener

/** Receives what modules and `setup` print in one worker; values announced there as secret are masked from then on. */
export type SetupListener = Pick<OutputListener, 'hear'>

/** Creates the listener of a worker. */
export type ListenToSetup = () => SetupListener
