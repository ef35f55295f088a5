import type {EnvironmentChanges} from '../../model/environment.ts'
import type {OutputStream} from '../../model/output-listener.ts'
import type {TaskError} from '../../model/process-end.ts'
import {failure, type Result, success} from '../../model/result.ts'
import {decodeFields, encodeFrame, type Frame} from './frames.ts'

/**
 * Messages of a worker that runs several tasks at a time: frames that follow the line `ready`. The other half is `worker/Channel.cs`. `id`: that of a
 * task.
 */
export type ThreadMessage =
  /** The task begins next. */
  | {readonly type: 'started'; readonly id: number}
  /** Output of the task; with id 0, output that cannot be attributed to one task. */
  | {readonly type: 'output'; readonly id: number; readonly stream: OutputStream; readonly bytes: Buffer}
  | ({readonly type: 'done'; readonly id: number} & ThreadTaskDone)
  /** The worker could not prepare for the task. `because`: PowerShell's message. */
  | {readonly type: 'refused'; readonly id: number; readonly because: string}
  /** The task is ending the process through .NET, for example with `Environment.Exit`. */
  | {readonly type: 'ending'; readonly id: number}
  /** The task's slot could not be opened: modules or setup failed there. */
  | {readonly type: 'unopened'; readonly id: number; readonly because: string}
  /** Output of modules and setup in a slot. */
  | {readonly type: 'setup'; readonly bytes: Buffer}

/** The worker's report on a finished task. */
export interface ThreadTaskDone {
  /** The exit code that a process of its own would have had. */
  readonly exitCode: number
  /** Recent memory of the worker, in bytes; likewise its threads and open handles. */
  readonly workingSet: number
  readonly threads: number
  readonly handles: number
  /** Whether the task has started native commands. */
  readonly hasStarted: boolean
  /** The uncaught error that ended the task. */
  readonly error: TaskError | undefined
}

const fromPool = {task: 1, stop: 2, interrupt: 3} as const

/** A task for a slot of the worker, which opens the slot first if necessary. Paths are absolute. */
export interface ThreadTask {
  /** From 1; unique for each task of a worker. */
  readonly id: number
  /** From 0; each slot has one task at a time. */
  readonly slot: number
  readonly file: string
  readonly workingDirectory: string
  readonly environment: EnvironmentChanges
}

/** The frame that assigns a task. */
export function taskFrame({id, slot, file, workingDirectory, environment}: ThreadTask): Buffer {
  return encodeFrame(fromPool.task, id, [String(slot), file, workingDirectory, ...[...environment].flat()])
}

/** The frame that begins to stop a task: `finally` blocks run, native commands are killed. */
export const stopFrame = (id: number): Buffer => encodeFrame(fromPool.stop, id, [])

/** The frame that interrupts a task where it waits for something that a stop does not end. */
export const interruptFrame = (id: number): Buffer => encodeFrame(fromPool.interrupt, id, [])

/** The meaning of a frame from a worker. The error says what is wrong with it. */
export function parseThreadFrame({kind, id, payload}: Frame): Result<ThreadMessage, string> {
  switch (kind) {
    case 1:
      return success({type: 'started', id})
    case 2:
      return success({type: 'output', id, stream: 'stdout', bytes: payload})
    case 3:
      return success({type: 'output', id, stream: 'stderr', bytes: payload})
    case 4:
      return parseDone(id, decodeFields(payload) ?? [])
    case 5:
      return success({type: 'refused', id, because: decodeFields(payload)?.[0] ?? ''})
    case 6:
      return success({type: 'ending', id})
    case 7:
      return success({type: 'unopened', id, because: decodeFields(payload)?.[0] ?? ''})
    case 8:
      return success({type: 'setup', bytes: payload})
    default:
      return failure(`a worker sent a frame of kind ${kind}`)
  }
}

function parseDone(id: number, fields: readonly (string | null)[]): Result<ThreadMessage, string> {
  const numbers = fields.slice(0, 4)
  if (numbers.length < 4 || !numbers.every(field => field !== null && /^-?\d{1,15}$/.test(field)))
    return failure('a worker sent no exit code')
  const [exitCode = 1, workingSet = 0, threads = 0, handles = 0] = numbers.map(Number)
  // One type on each line.
  const [started, types, errorId] = fields.slice(4)
  const error = types == null ? undefined : {types: types.split('\n'), id: errorId ?? ''}
  return success({type: 'done', id, exitCode, workingSet, threads, handles, hasStarted: started === '1', error})
}
