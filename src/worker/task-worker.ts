import type {EnvironmentChanges} from '../model/environment.ts'
import type {LeftProcess} from '../model/event.ts'
import type {OutputStream} from '../model/output-listener.ts'
import type {ProcessEnd} from '../model/process-end.ts'
import type {Leftovers} from '../model/settings.ts'
import type {LeftOutput} from '../spool/left-output.ts'
import type {WorkerFolder} from './worker-folder.ts'

/** A task for a worker. */
export interface Assignment {
  /** The task's name, for messages. */
  readonly name?: string | undefined
  /** Absolute. */
  readonly workingDirectory: string
  readonly environment: EnvironmentChanges
  /** Whether the worker must report the error that ends the task; default: no. */
  readonly reportsError?: boolean | undefined
  readonly onStarted: () => void
  /** Called when the task itself has ended, if leftover processes are looked for before `completed`. */
  readonly onOver: () => void
  /** A returned promise pauses this stream until it settles. */
  readonly onOutput: (stream: OutputStream, chunk: Buffer) => Promise<void> | undefined
}

/** A worker as an attempt uses it: its own process, or its turn at a warm one. */
export interface TaskWorker {
  /** Id of the started process; `undefined` if the start failed. */
  readonly pid: number | undefined
  /** Write the task file into it before `run`. */
  readonly folder: WorkerFolder
  /** Resolves when the task has ended and its output has been read, with the end that it would have had in its own process. Never rejects. */
  readonly completed: Promise<ProcessEnd>
  /** `true` once the task has begun, even after its end. */
  readonly hasBegun: boolean
  /** Output before the task: of modules, of setup, or of a failed start. */
  readonly bootOutput: string
  /** Why it could not prepare for this task, which is the fault of the task; `undefined` if it could. */
  readonly refusal: string | undefined
  /** `true` if it was ended because `setup-timeout` was over. */
  readonly setupTimedOut: boolean
  /** `true` if modules and setup had run, so that only the start of this task remained. */
  readonly wasReady: boolean
  /** Assigns the task; it begins as soon as the worker is ready. Call it once. */
  run(assignment: Assignment): void
  /** Ends the task and everything it started: SIGINT first, then harder. */
  end(): void
  /** Kills the task and everything it started at once. */
  kill(): void
  /** Call after a normal end: returns the processes that the task left behind. They are ended if `policy` or the worker requires it. */
  leftBehind(policy: Leftovers): Promise<readonly LeftProcess[]>
  /** Output after the end of the task, which the caller closes; `undefined` if no process holds its pipes. */
  readonly leftOutput: LeftOutput | undefined
  /** Releases the worker and its folder. Resolves when another worker can take its place. */
  release(): Promise<void>
}
