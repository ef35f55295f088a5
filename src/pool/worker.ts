import {mkdirSync, rmSync} from 'node:fs'
import path from 'node:path'
import type {PowerShell} from '../event.ts'
import type {ModuleToImport} from '../settings.ts'
import {BootOutput} from './boot-output.ts'
import type {ControlServer, WorkerConnection} from './control-server.ts'
import type {ProcessControl} from './end-processes.ts'
import type {Environment} from './task-environment.ts'
import type {OutputStream} from './task-output.ts'
import {type ProcessEnd, TaskProcess} from './task-process.ts'
import {printsBeforeTask, workerArguments} from './worker-command.ts'
import {type EnvironmentChanges, pathsWithHome, runMessage, type WorkerMessage} from './worker-protocol.ts'

/** What every worker of a run is made of. */
export interface WorkerContext {
  readonly server: ControlServer
  readonly control: ProcessControl
  /** What is imported before a task: names, paths, module specifications. */
  readonly modules: readonly ModuleToImport[]
  /** Absolute path of the script that is run before a task, or `undefined`. */
  readonly setupFile: string | undefined
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

/** What a worker is to do. */
export interface Assignment {
  /** Absolute. */
  readonly workingDirectory: string
  readonly environment: EnvironmentChanges
  readonly onStarted: () => void
  /** If it returns a promise, no more of this stream is read until that is settled. */
  readonly onOutput: (stream: OutputStream, chunk: Buffer) => Promise<void> | undefined
}

/**
 * Where a worker is in its life: it boots, is ready, has been handed its task, runs it, and has ended. It may be handed its task while it
 * still boots; it may end at any time.
 */
export type WorkerState = 'booting' | 'ready' | 'assigned' | 'running' | 'ended'

/**
 * One PowerShell process that is booted ahead, modules imported and setup done, and then runs one task at global scope, as a `shell: pwsh`
 * step would. Its folder holds `taskFile`, which is to be written before `run`.
 */
export class Worker {
  readonly folder: string
  readonly taskFile: string
  /** An empty folder for the task. */
  readonly temporaryFolder: string
  /** An empty folder for what the task asks the runner for. */
  readonly filesFolder: string
  /** `NAME=value` of a variable that all that the task starts has in its environment, and nothing else. */
  readonly mark: string
  /** Resolves when the process is over and its output read. Its folder is there until `remove`. */
  readonly completed: Promise<ProcessEnd>
  readonly #process: TaskProcess
  readonly #bootOutput: Record<OutputStream, BootOutput>
  readonly #platform: NodeJS.Platform
  readonly #startedIn: string
  #state: WorkerState = 'booting'
  #hasBegun = false
  #home = ''
  #connection: WorkerConnection | undefined
  #assignment: Assignment | undefined

  /** Starts the process. Throws what the file system or the system's limits throw. */
  constructor(options: WorkerOptions, context: WorkerContext) {
    const {powershell, folder} = options
    this.folder = folder
    this.taskFile = path.join(folder, 'task.ps1')
    this.temporaryFolder = path.join(folder, 'temp')
    this.filesFolder = path.join(folder, 'files')
    this.mark = `PWSH_POOL_TEMP=${this.temporaryFolder}`
    for (const own of [this.temporaryFolder, this.filesFolder]) mkdirSync(own, {recursive: true})
    const token = context.server.expect((message, connection) => this.#hear(message, connection))
    const markToken = printsBeforeTask(context) ? token : undefined
    this.#bootOutput = {stdout: new BootOutput(markToken), stderr: new BootOutput(markToken)}
    this.#platform = context.control.platform
    this.#startedIn = options.workingDirectory
    this.#process = new TaskProcess(
      {
        command: powershell.command,
        arguments: [...powershell.leadingArguments, ...workerArguments(this.taskFile, context)],
        environment: {...options.environment, PWSH_POOL_TOKEN: token},
        workingDirectory: options.workingDirectory,
        mark: this.mark
      },
      context.control,
      (stream, chunk) => this.#print(stream, chunk)
    )
    this.completed = this.#process.completed.then(async end => {
      context.server.forget(token)
      // That the task has begun may still be on its way to us.
      await this.#connection?.closed
      this.#state = 'ended'
      return end
    })
  }

  get state(): WorkerState {
    return this.#state
  }

  /** Of the process, and so of its group; -1 where it could not be started. */
  get pid(): number {
    return this.#process.pid ?? -1
  }

  /** Whether the task has begun, also after it is over. */
  get hasBegun(): boolean {
    return this.#hasBegun
  }

  /** What was printed before the task: by modules, by setup, or by what went wrong with them. */
  get bootOutput(): string {
    return Buffer.concat([this.#bootOutput.stdout.text, this.#bootOutput.stderr.text]).toString().trim()
  }

  /** Hands the worker its task; it begins as soon as the worker is ready. Precondition: it has had none. */
  run(assignment: Assignment): void {
    if (this.#assignment !== undefined) throw new Error('Internal error: a worker was given a second task')
    this.#assignment = assignment
    this.#send()
  }

  /** Ends the process and all that it started, politely at first. */
  end(): void {
    this.#process.end()
  }

  /** Ends them at once. */
  kill(): void {
    this.#process.kill()
  }

  /** Removes its folder, as far as nothing that the task left behind keeps writing into it. */
  remove(): void {
    try {
      rmSync(this.folder, {recursive: true, force: true})
    } catch {}
  }

  #hear(message: WorkerMessage, connection: WorkerConnection): void {
    if (message.type === 'ready') {
      this.#connection = connection
      this.#home = message.home
      this.#state = 'ready'
      this.#send()
    } else if (this.#state === 'assigned') {
      this.#state = 'running'
      this.#hasBegun = true
      this.#assignment?.onStarted()
      for (const stream of ['stdout', 'stderr'] as const) {
        const held = this.#bootOutput[stream].begin()
        if (held !== undefined) void this.#assignment?.onOutput(stream, held)
      }
    }
  }

  #send(): void {
    if (this.#state !== 'ready' || this.#assignment === undefined) return
    this.#state = 'assigned'
    const {workingDirectory, environment} = this.#assignment
    const folder = workingDirectory === this.#startedIn ? '' : workingDirectory
    const changes = [...environment, ['PWSH_POOL_TOKEN', null] as const]
    this.#connection?.send(runMessage(folder, pathsWithHome(new Map(changes), this.#home, this.#platform)))
  }

  #print(stream: OutputStream, chunk: Buffer): Promise<void> | undefined {
    const printed = this.#bootOutput[stream].take(chunk)
    return printed === undefined ? undefined : this.#assignment?.onOutput(stream, printed)
  }
}
