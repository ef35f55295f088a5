import {existsSync} from 'node:fs'
import path from 'node:path'
import type {Environment, EnvironmentChanges} from '../model/environment.ts'
import type {PowerShell, ProcessEvent} from '../model/event.ts'
import type {Isolation} from '../model/task.ts'
import {restoredStartFlags, withStartFlags} from '../powershell/start-flags.ts'
import {withChanges, withoutPwshModules} from '../powershell/task-environment.ts'
import {ThreadWorker, type ThreadWorkerContext} from '../worker/thread/thread-worker.ts'
import {WarmWorker} from '../worker/warm-worker.ts'
import {Worker} from '../worker/worker.ts'
import type {WarmIsolation} from '../worker/worker-command.ts'
import type {WorkerOptions} from '../worker/worker-process.ts'

/** Options of all workers. */
export interface WorkerFactoryOptions extends Omit<ThreadWorkerContext, 'onIdle'> {
  /** Receives events about workers' starts. */
  readonly onWorker?: ((event: ProcessEvent) => void) | undefined
  /** The PowerShell for each `shell` of the tasks. */
  readonly powershells: ReadonlyMap<string, PowerShell>
  /** The environment of the step, without the action's own variables. */
  readonly environment: Environment
  /** Absolute; initial working directory of workers. */
  readonly workingDirectory: string
  /** Absolute path of the folder in which each worker gets a folder. */
  readonly folder: string
}

type AnyWorker = Worker | WarmWorker | ThreadWorker

/** Called when a worker has booted, is free, or has ended. */
export type OnWorkerChange = () => void

/**
 * Longest time for which a worker counts as booting, in milliseconds. A slower one waits for something, such as a server that `setup` signs in to,
 * and does not use the processor.
 */
const longestBootMs = 3000

/** Starts workers of all kinds, and counts living and booting ones. */
export class WorkerFactory {
  readonly #options: WorkerFactoryOptions
  readonly #onChange: OnWorkerChange
  readonly #living = new Set<AnyWorker>()
  readonly #booting = new Set<AnyWorker>()
  #made = 0

  constructor(options: WorkerFactoryOptions, onChange: OnWorkerChange) {
    this.#options = options
    this.#onChange = onChange
  }

  /** Number of workers that have not ended. */
  get living(): number {
    return this.#living.size
  }

  /** Number of workers that are booting; a worker counts for at most `longestBootMs`. */
  get booting(): number {
    return this.#booting.size
  }

  /** Changes that restore the step's own values of the start flags for a task. */
  get startEnvironment(): EnvironmentChanges {
    return restoredStartFlags(this.#options.environment)
  }

  /** Starts a worker for one task. `atStart`: changes of the environment. `keepsObjects`: whether its task keeps objects. Throws system errors. */
  single(shell: string, atStart: EnvironmentChanges, keepsObjects: boolean): Worker {
    return this.#counted('process', shell, new Worker({...this.#workerOptions(shell, atStart), keepsObjects}, this.#options))
  }

  /** Starts a warm worker. Throws system errors. */
  warm(isolation: WarmIsolation, shell: string, atStart: EnvironmentChanges): WarmWorker {
    const context = {...this.#options, onIdle: this.#onChange}
    return this.#counted(isolation, shell, new WarmWorker(isolation, this.#workerOptions(shell, atStart), context))
  }

  /** Starts a worker that runs many tasks at a time, in this folder (absolute). Throws system errors. */
  thread(shell: string, workingDirectory: string, atStart: EnvironmentChanges): ThreadWorker {
    const context = {...this.#options, onIdle: this.#onChange}
    const options = {...this.#workerOptions(shell, atStart), workingDirectory}
    return this.#counted('thread', shell, new ThreadWorker(options, context))
  }

  #workerOptions(shell: string, atStart: EnvironmentChanges): WorkerOptions {
    const {powershells, environment, workingDirectory, folder, control} = this.#options
    const powershell = powershells.get(shell)
    if (powershell === undefined) throw new Error(`Internal error: no PowerShell was found for the shell "${shell}"`)
    return {
      powershell,
      folder: path.join(folder, `worker-${this.#made++}`),
      environment: withChanges(withStartFlags(startEnvironmentFor(powershell, environment)), atStart, control.platform),
      workingDirectory
    }
  }

  #counted<T extends AnyWorker>(isolation: Isolation, shell: string, worker: T): T {
    this.#tell(isolation, shell, worker)
    this.#living.add(worker)
    this.#booting.add(worker)
    const boots = () => {
      clearTimeout(limit)
      if (this.#booting.delete(worker)) this.#onChange()
    }
    const limit = setTimeout(boots, longestBootMs)
    void worker.booted.then(boots)
    void worker.completed.then(() => {
      this.#living.delete(worker)
      this.#onChange()
    })
    return worker
  }

  #tell(isolation: Isolation, shell: string, worker: AnyWorker): void {
    const {onWorker = () => {}, powershells} = this.#options
    const {pid} = worker
    const startedAt = performance.now()
    if (pid === undefined) return
    onWorker({type: 'worker-started', pid, edition: powershells.get(shell)?.edition ?? 'pwsh', isolation})
    void worker.booted.then(() => {
      onWorker({type: worker.wasReady ? 'worker-ready' : 'worker-lost', pid, bootMs: Math.round(performance.now() - startedAt)})
    })
  }
}

// If it is started by a pwsh, Windows PowerShell would load the modules of that pwsh instead of its own (PowerShell#27774).
function startEnvironmentFor({edition}: PowerShell, environment: Environment): Environment {
  return edition === 'powershell' ? withoutPwshModules(environment, folder => existsSync(path.join(folder, 'pwsh.dll'))) : environment
}
