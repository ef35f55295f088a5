import type {EnvironmentChanges} from '../model/environment.ts'
import type {LeftProcess} from '../model/event.ts'
import type {ProcessEnd} from '../model/process-end.ts'
import type {Leftovers} from '../model/settings.ts'
import type {LeftOutput} from '../recording/left-output.ts'
import type {OutputStream} from '../recording/task-output.ts'
import type {WorkerFolder} from './worker-folder.ts'

/** What a worker is to do. */
export interface Assignment {
  /** Absolute. */
  readonly workingDirectory: string
  readonly environment: EnvironmentChanges
  readonly onStarted: () => void
  /** If it returns a promise, no more of this stream is read until that is settled. */
  readonly onOutput: (stream: OutputStream, chunk: Buffer) => Promise<void> | undefined
}

/** A worker as one attempt sees it, whether the attempt has the worker for itself or takes its turn at a warm one. */
export interface TaskWorker {
  /** Of the process that was started; `undefined` where that failed. */
  readonly pid: number | undefined
  /** The task file in it is to be written before `run`. */
  readonly folder: WorkerFolder
  /** Resolves when the task is over, as if it had been a process of its own, and its output has been read. Never rejects. */
  readonly completed: Promise<ProcessEnd>
  /** Whether the task has begun, also after it is over. */
  readonly hasBegun: boolean
  /** What was printed before the task: by modules, by setup, or by what went wrong with them. */
  readonly bootOutput: string
  /** Why it could not prepare itself for this task, which is nobody else's fault; `undefined` if it could. */
  readonly refusal: string | undefined
  /** Whether it has been ended because what comes before the task took longer than `setup-timeout`. */
  readonly setupTimedOut: boolean
  /** Whether modules and setup were done, so that only this task's own start was left. */
  readonly wasReady: boolean
  /** Hands the worker its task; it begins as soon as the worker is ready. Call it once. */
  run(assignment: Assignment): void
  /** Ends the task and all that it started, politely at first. */
  end(): void
  /** Ends them at once. */
  kill(): void
  /** After a normal end: the processes that the task has left behind, which have been ended where that was asked for or has to be. */
  leftBehind(policy: Leftovers): Promise<readonly LeftProcess[]>
  /** What comes through its pipes since the task is over; `undefined` if nobody holds them. It is to be closed. */
  readonly leftOutput: LeftOutput | undefined
  /** The attempt is done with it and with its folder. Resolves when no more is in the way of another worker. */
  release(): Promise<void>
}
