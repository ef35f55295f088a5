import type {Task} from './task.ts'

/** Which of the two pipes. */
export type OutputStream = 'stdout' | 'stderr'

/**
 * A part of the output of an attempt, read for workflow commands: many whole lines none of which looks like a command, one line that does, or a piece of a
 * line that is too long to be held. The record, the log and complete logs are made of the same parts.
 */
export interface OutputPart {
  readonly stream: OutputStream
  /** As printed, but for announced secrets. Every line has its end, except the last one of a stream, and that of an open part. Empty for a note of ours. */
  readonly bytes: Buffer
  /** `true` if the bytes begin inside a line. */
  readonly isContinued: boolean
  /** `true` if the line goes on in the next part of its stream. */
  readonly isOpen: boolean
  /** Text shown instead of the bytes, without a line end and not masked; empty if nothing is shown. */
  readonly shown?: string | undefined
}

/** Receives the parts of an output in order. The bytes of an open part are overwritten after the call. */
export type RecordPart = (part: OutputPart) => void

/** Receives the output of one attempt as it arrives. */
export interface OutputListener {
  /** `false` if no output is recorded, so nothing can be read after the attempt. */
  readonly isRecorded: boolean
  /** Receives the next chunk of a stream. A returned promise pauses this stream until it settles; it never rejects. */
  receive(stream: OutputStream, chunk: Buffer): Promise<void> | undefined
  /** Called when no more will come. Resolves when everything has been processed. */
  finish(): Promise<OutputFindings>
}

/** Findings in the whole output. */
export interface OutputFindings {
  /** Outputs set by workflow commands. */
  readonly outputs: ReadonlyMap<string, string>
  /** The end of what was printed, a text for each stream, masked and without colors; absent if nobody asks for it. */
  readonly lastPrinted?: readonly string[] | undefined
}

/** Creates the listener of an attempt, numbered from 1. `record` receives everything that the listener hears, recorded or not. */
export type CreateListener = (task: Task, attempt: number, record: RecordPart) => OutputListener

/** Receives what modules and `setup` print in one worker; values announced there as secret are masked from then on. */
export type SetupListener = Pick<OutputListener, 'receive'>

/** Creates the listener of a worker. */
export type CreateSetupListener = () => SetupListener
