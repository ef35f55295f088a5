import type {Environment} from '../model/environment.ts'
import type {PowerShell} from '../model/event.ts'
import type {ListenToSetup} from '../model/output-listener.ts'
import type {ProcessEnd} from '../model/process-end.ts'
import type {Leftovers, ModuleToImport} from '../model/settings.ts'
import type {ProcessControl} from '../process/process-control.ts'
import {type OnOutput, type ProcessCommand, TaskProcess} from '../process/task-process.ts'
import type {RemovePath} from '../system/remove-path.ts'
import {describeBug} from '../text/bug.ts'
import type {ControlServer, WorkerConnection} from './control-server.ts'
import type {StartTimer} from './setup-clock.ts'
import type {WorkerFolder} from './worker-folder.ts'
import type {WorkerMessage} from './worker-protocol.ts'

/** What every worker of a run is made of. */
export interface WorkerContext {
  readonly server: ControlServer
  readonly control: ProcessControl
  /** What is imported before a task: names, paths, module specifications. */
  readonly modules: readonly ModuleToImport[]
  /** Absolute path of the script that is run before a task, or `undefined`. */
  readonly setupFile: string | undefined
  readonly leftovers: Leftovers
  /** Makes what hears what modules and setup print in a worker. */
  readonly listenToSetup?: ListenToSetup | undefined
  /** How the folders of workers are removed; that of `remove-path.ts` unless a test has its own. */
  readonly removePath?: RemovePath | undefined
  /** For each start of a worker, with modules and `setup`, and for each time that one prepares itself for a task, in milliseconds; 0 for none. */
  readonly setupTimeoutMs?: number | undefined
  /** How that time is measured; by Node's clock unless a test has its own. */
  readonly startSetupTimer?: StartTimer | undefined
}

/** What one worker is made of. */
export interface WorkerOptions {
  readonly powershell: PowerShell
  /** A folder of its own, absolute, made and removed by the worker. */
  readonly folder: string
  readonly environment: Environment
  /** Absolute; where it is started. */
  readonly workingDirectory: string
}

/** The process of a worker that reports to the pool. */
export interface WorkerProcess {
  readonly process: TaskProcess
  /** Of this worker alone. */
  readonly token: string
  /** Resolves when it is ready for its first task, or has ended. Never rejects. */
  readonly booted: Promise<unknown>
  /** Resolves when the process is over, and all that it printed and said has been heard. Never rejects. */
  readonly completed: Promise<ProcessEnd>
  /** Something was thrown that has to do with this worker alone: it is killed, and has ended badly. */
  readonly fail: (error: unknown) => void
}

/** What is done about what a worker says and prints. */
export interface WorkerListeners {
  readonly onMessage: (message: WorkerMessage, connection: WorkerConnection) => void
  readonly onOutput: OnOutput
}

/** How a worker ended in which something was thrown that nobody expected. */
export function brokenEnd(error: unknown): ProcessEnd {
  return {reason: 'internal', message: describeBug(error)}
}

/** What a worker is told by its environment for as long as it boots; no task is to find it. */
export const bootVariables = ['PWSH_POOL_ADDRESS', 'PWSH_POOL_TOKEN'] as const

/** What makes a worker of either kind. */
export interface WorkerKind {
  /** Ours, after those of the shell. */
  readonly arguments: readonly string[]
  /** On which it stops its task: `pipeline-stop.ts`. */
  readonly stopThread: string
  /** As of the process. */
  readonly listenToLeft: ProcessCommand['listenToLeft']
}

/** Starts a worker. Throws what the system's limits throw. */
export function startWorkerProcess(
  kind: WorkerKind,
  folder: WorkerFolder,
  {powershell, environment, workingDirectory}: WorkerOptions,
  {server, control}: Pick<WorkerContext, 'server' | 'control'>,
  {onMessage, onOutput}: WorkerListeners
): WorkerProcess {
  let connected: WorkerConnection | undefined
  let endBoot = () => {}
  const ready = new Promise<void>(resolve => {
    endBoot = resolve
  })
  let hasBooted = false
  let broken: ProcessEnd | undefined
  // What is thrown in here would end the whole run: it comes from an event that nobody else listens to.
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
      // What modules and setup start has nothing of a task's yet.
      get mark() {
        return hasBooted ? folder.mark : `PWSH_POOL_TOKEN=${token}`
      },
      stopThread: kind.stopThread,
      listenToLeft: kind.listenToLeft
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
  const completed = process.completed.catch(brokenEnd).then(async end => {
    server.forget(token)
    if (process.livesOn) connected?.close()
    // What it said last may still be on its way to us.
    await connected?.closed
    return broken ?? end
  })
  return {process, token, fail, booted: Promise.race([ready, completed]), completed}
}
