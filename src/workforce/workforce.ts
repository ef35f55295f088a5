import {writeFileSync} from 'node:fs'
import path from 'node:path'
import type {Environment} from '../model/environment.ts'
import type {LeftByTask, PowerShell, ProcessEvent} from '../model/event.ts'
import type {CreateListener, CreateSetupListener} from '../model/output-listener.ts'
import type {Leftovers, ModuleToImport} from '../model/settings.ts'
import type {Task} from '../model/task.ts'
import type {AttemptRequest, AttemptRunner, RunningAttempt} from '../pool/attempt-runner.ts'
import {inFile, scriptFile} from '../powershell/task-script.ts'
import type {ProcessControl} from '../process/process-control.ts'
import {LeftOutputs, unheldOutput} from '../spool/left-output.ts'
import {OutputMemory} from '../spool/output-memory.ts'
import type {RemovePath} from '../system/remove-path.ts'
import {ControlServer} from '../worker/control-server.ts'
import type {StartTimer} from '../worker/setup-clock.ts'
import type {RetirementReason} from '../worker/worker-fitness.ts'
import {StartFailures} from './start-failures.ts'
import {type AttemptContext, TaskAttempt} from './task-attempt.ts'
import {WorkerSupply} from './worker-supply.ts'

/** Options of all workers of one run. */
export interface WorkforceOptions {
  /** The PowerShell for each `shell` of the tasks. */
  readonly powershells: ReadonlyMap<string, PowerShell>
  /** The environment of the step, without the action's own variables. */
  readonly environment: Environment
  /** Absolute; initial working directory of workers. */
  readonly workingDirectory: string
  /** The `shell` of tasks that name none of their own. */
  readonly shell?: string | undefined
  /** Limit for modules, `setup` and preparation before a task, in milliseconds; 0 for none. */
  readonly setupTimeoutMs?: number | undefined
  /** Timer for this limit; default: Node's timer. */
  readonly startSetupTimer?: StartTimer | undefined
  readonly modules: readonly ModuleToImport[]
  /** Script text; blank for none. */
  readonly setup: string
  readonly leftovers: Leftovers
  /** Tasks at a time, from 1. */
  readonly maxParallel: number
  /** Most workers that boot at once, from 1. */
  readonly processors: number
  /** Workers to keep in any case, from 0. */
  readonly minParallel: number
  /** Tasks until a warm worker is replaced, from 1. */
  readonly maxTasksPerWorker: number
  /** An empty folder of the run's own, absolute. */
  readonly folder: string
  /** Where objects that tasks emit are kept until the reports are written; absolute. Default: they are not kept. */
  readonly objectsFolder?: string | undefined
  readonly control: ProcessControl
  /** Removes workers' folders; default: `remove-path.ts`. */
  readonly removePath?: RemovePath | undefined
  /** Receives the output of modules and setup: once, and a second time if that output stops the run. */
  readonly onBooted: (text: string) => void
  /** Extracts the error from a worker's output. Default: the whole text. */
  readonly causeOf?: ((text: string) => string) | undefined
  /** Called when a warm worker is retired, with the number of tasks it has finished and the reason. */
  readonly onRetired: (tasks: number, because: RetirementReason) => void
  /** Receives events about workers' starts. */
  readonly onWorker?: ((event: ProcessEvent) => void) | undefined
  /** Creates the listener of an attempt's output. */
  readonly createListener?: CreateListener | undefined
  /** Creates the listener of a worker's output before its task. */
  readonly createSetupListener?: CreateSetupListener | undefined
}

/** Runs attempts in PowerShell processes: the control server, the supply of workers, and the attempts. */
export class Workforce implements AttemptRunner {
  readonly #context: AttemptContext
  readonly #supply: WorkerSupply
  readonly #left: LeftOutputs

  private constructor(context: AttemptContext, supply: WorkerSupply, left: LeftOutputs) {
    this.#context = context
    this.#supply = supply
    this.#left = left
  }

  /** Prepares to run attempts; starts no process yet. */
  static async start(options: WorkforceOptions): Promise<Workforce> {
    const {folder, setup, control} = options
    const setupFile = setup.trim() === '' ? undefined : path.join(folder, 'setup.ps1')
    if (setupFile !== undefined) writeFileSync(setupFile, setupText(options))
    const server = await ControlServer.listen(folder, control.platform)
    const stray = unheldOutput(options.createSetupListener?.())
    // Each slot takes a task, like a warm worker.
    const firstSlots = Math.max(1, Math.min(options.minParallel, options.maxParallel))
    const shared = {...options, server, setupFile, stray, firstSlots}
    const supply = new WorkerSupply(shared)
    const {startEnvironment} = supply
    const left = new LeftOutputs(stray)
    const onLeft: AttemptContext['onLeft'] = (task, output) => left.add(task, output)
    const take: AttemptContext['take'] = (task, changes, signal) => supply.take(task, changes, signal)
    const onBooted = firstText(options.onBooted)
    const onStartFailures = firstText(options.onBooted)
    const counted = {startFailures: new StartFailures(), outputMemory: new OutputMemory()}
    return new Workforce({...shared, ...counted, take, startEnvironment, onBooted, onStartFailures, onLeft}, supply, left)
  }

  start(request: AttemptRequest): RunningAttempt {
    return new TaskAttempt(request, this.#context)
  }

  prepare(next: readonly Task[]): void {
    this.#supply.prepare(next)
  }

  closeLeft(): readonly LeftByTask[] {
    return this.#left.close()
  }

  /** Kills idle workers and closes the control server. Precondition: no attempt is running. */
  async close(): Promise<void> {
    await this.#supply.close()
    this.#context.server.close()
  }
}

// One file for all editions: the form that Windows PowerShell needs works for PowerShell 7 too.
function setupText({setup, powershells, control}: WorkforceOptions): string {
  const isForWindowsPowerShell = [...powershells.values()].some(({edition}) => edition === 'powershell')
  return scriptFile(inFile([setup], control.platform), isForWindowsPowerShell ? 'powershell' : 'pwsh')
}

/** Reports only the first text, because every worker prints the same. */
function firstText(tell: (text: string) => void): (text: string) => void {
  let wasTold = false
  return text => {
    if (wasTold || text === '') return
    wasTold = true
    tell(text)
  }
}
