import type {Environment} from '../model/environment.ts'
import type {PowerShell} from '../model/event.ts'
import type {CreateSetupListener} from '../model/output-listener.ts'
import type {ProcessEnd} from '../model/process-end.ts'
import type {Leftovers, ModuleToImport} from '../model/settings.ts'
import type {ProcessControl} from '../process/process-control.ts'
import {type OnOutput, type ProcessCommand, TaskProcess} from '../process/task-process.ts'
import type {RemovePath} from '../system/remove-path.ts'
import {describeBug} from '../text/bug.ts'
import type {ControlServer, WorkerConnection} from './control-server.ts'
import {OutsideOutput} from './outside-output.ts'
import {SetupClock, type StartTimer} from './setup-clock.ts'
import type {WorkerFolder} from './worker-folder.ts'
import type {WorkerMessage} from './worker-protocol.ts'

/** Shared by all workers of a run. */
export interface WorkerContext {
  readonly server: ControlServer
  readonly control: ProcessControl
  /** Modules imported before a task. */
  readonly modules: readonly ModuleToImport[]
  /** Absolute path of the script that runs before a task; `undefined` for none. */
  readonly setupFile: string | undefined
  readonly leftovers: Leftovers
  /** Creates the listener of a worker's output before its task. */
  readonly createSetupListener?: CreateSetupListener | undefined
  /** Removes workers' folders; default: `remove-path.ts`. */
  readonly removePath?: RemovePath | undefined
  /** Time limit of each start of a worker, with modules and `setup`, and of each preparation for a task, in milliseconds; 0 for none. */
  readonly setupTimeoutMs?: number | undefined
  /** Timer for this limit; default: Node's timer. */
  readonly startSetupTimer?: StartTimer | undefined
}

/** Options of one worker. */
export interface WorkerOptions {
  readonly powershell: PowerShell
  /** Absolute path of its own folder, which the worker creates and removes. */
  readonly folder: string
  readonly environment: Environment
  /** Absolute; its initial working directory. */
  readonly workingDirectory: string
  /** Whether its only task keeps objects. For a warm worker this is decided with each task. */
  readonly keepsObjects?: boolean | undefined
}

/** A started worker process. */
export interface WorkerProcess {
  readonly process: TaskProcess
  /** The token with which this worker connects. */
  readonly token: string
  /** Resolves when it is ready for its first task, or has ended. Never rejects. */
  readonly booted: Promise<unknown>
  /** Resolves when the process has ended and its output and messages have been delivered. Never rejects. */
  readonly completed: Promise<ProcessEnd>
  /** Handles an exception that concerns this worker: it is killed, and its end is `internal`. */
  readonly fail: (error: unknown) => void
  /** Limits its start, which has begun, and each preparation for a task; kills it at the limit. */
  readonly clock: SetupClock
  /** What it prints outside tasks. */
  readonly outside: OutsideOutput
}

/** Receivers of a worker's messages and output. */
export interface WorkerListeners {
  readonly onMessage: (message: WorkerMessage, connection: WorkerConnection) => void
  readonly onOutput: OnOutput
}

/** The end of a worker after an unexpected exception. */
export function brokenEnd(error: unknown): ProcessEnd {
  return {reason: 'internal', message: describeBug(error)}
}

/** Variables that a worker needs to connect; removed before a task begins. */
export const bootVariables = ['PWSH_POOL_ADDRESS', 'PWSH_POOL_TOKEN'] as const

/** Differences between the kinds of workers. */
export interface WorkerKind {
  /** The pool's arguments, after those of `shell`. */
  readonly arguments: readonly string[]
  /** Name of the thread that stops a task: `pipeline-stop.ts`. */
  readonly stopThread: string
  /** As in `ProcessCommand`. */
  readonly createLeftListener: ProcessCommand['createLeftListener']
}

/** The parts of the context that starting a worker needs. */
export type StartContext = Pick<WorkerContext, 'server' | 'control' | 'setupTimeoutMs' | 'startSetupTimer' | 'createSetupListener'>

/** Starts a worker. Throws at system limits. */
export function startWorkerProcess(
  kind: WorkerKind,
  folder: Pick<WorkerFolder, 'mark'>,
  {powershell, environment, workingDirectory}: WorkerOptions,
  {server, control, setupTimeoutMs, startSetupTimer, createSetupListener}: StartContext,
  {onMessage, onOutput}: WorkerListeners
): WorkerProcess {
  let connected: WorkerConnection | undefined
  let endBoot = () => {}
  const ready = new Promise<void>(resolve => {
    endBoot = resolve
  })
  let hasBooted = false
  let broken: ProcessEnd | undefined
  // Handled here, because an exception in this event listener would end the whole run.
  const fail = (error: unknown) => {
    broken ??= brokenEnd(error)
    process.kill()
  }
  const token = server.expect((message, connection) => {
    connected = connection
    if (message.type === 'ready') process.powershellPid = message.pid
    try {
      onMessage(message, connection)
    } catch (error) {
      fail(error)
    }
    if (message.type !== 'ready') return
    hasBooted = true
    endBoot()
  })
  const told: Record<(typeof bootVariables)[number], string> = {PWSH_POOL_ADDRESS: server.address, PWSH_POOL_TOKEN: token}
  const process = new TaskProcess(
    {
      command: powershell.command,
      arguments: [...powershell.leadingArguments, ...kind.arguments],
      environment: {...environment, ...told},
      workingDirectory,
      // Processes of modules and setup do not have the mark of a task yet.
      get mark() {
        return hasBooted ? folder.mark : `PWSH_POOL_TOKEN=${token}`
      },
      stopThread: kind.stopThread,
      createLeftListener: kind.createLeftListener
    },
    control,
    (stream, chunk) => {
      try {
        return onOutput(stream, chunk)?.catch(fail)
      } catch (error) {
        fail(error)
        return undefined
      }
    }
  )
  const clock = new SetupClock(setupTimeoutMs, () => process.kill(), startSetupTimer)
  clock.start()
  const completed = process.completed.catch(brokenEnd).then(async end => {
    server.forget(token)
    if (process.livesOn) connected?.close()
    // Its last message may still be in transit.
    await connected?.closed
    return broken ?? end
  })
  const outside = new OutsideOutput(createSetupListener?.())
  return {process, token, fail, booted: Promise.race([ready, completed]), completed, clock, outside}
}
