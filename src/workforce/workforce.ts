import {writeFileSync} from 'node:fs'
import path from 'node:path'
import type {Environment} from '../model/environment.ts'
import type {LeftByTask, PowerShell, ProcessEvent} from '../model/event.ts'
import type {ListenTo, ListenToSetup} from '../model/output-listener.ts'
import type {Leftovers, ModuleToImport} from '../model/settings.ts'
import type {Task} from '../model/task.ts'
import type {AttemptRequest, AttemptRunner, RunningAttempt} from '../pool/attempt-runner.ts'
import {inFile, scriptFile} from '../powershell/task-script.ts'
import type {ProcessControl} from '../process/process-control.ts'
import {LeftOutputs} from '../recording/left-output.ts'
import {OutputMemory} from '../recording/output-memory.ts'
import type {RemovePath} from '../system/remove-path.ts'
import {ControlServer} from '../worker/control-server.ts'
import type {StartTimer} from '../worker/setup-clock.ts'
import type {RetirementReason} from '../worker/worker-fitness.ts'
import {StartFailures} from './start-failures.ts'
import {type AttemptContext, TaskAttempt} from './task-attempt.ts'
import {WorkerSupply} from './worker-supply.ts'

/** Options of all workers of one run. */
export interface WorkforceOptions {
  /** By the `shell` of a task; one for each that occurs. */
  readonly powershells: ReadonlyMap<string, PowerShell>
  /** The environment of the step, as a task may see it. */
  readonly environment: Environment
  /** Where standbys are started; absolute. */
  readonly workingDirectory: string
  /** The `shell` of tasks that name none of their own. */
  readonly shell?: string | undefined
  /** For what comes before a task, modules and `setup` above all, in milliseconds; 0 for none. */
  readonly setupTimeoutMs?: number | undefined
  /** How that time is measured; by Node's clock unless a test has its own. */
  readonly startSetupTimer?: StartTimer | undefined
  readonly modules: readonly ModuleToImport[]
  /** Script text; blank for none. */
  readonly setup: string
  readonly leftovers: Leftovers
  /** Tasks at a time, from 1. */
  readonly maxParallel: number
  /** From 1: as many workers boot at once. */
  readonly processors: number
  /** Workers that are wanted in any case, from 0. */
  readonly minParallel: number
  /** After how many tasks a warm worker is replaced, from 1. */
  readonly maxTasksPerWorker: number
  /** An empty folder of the run's own, absolute. */
  readonly folder: string
  readonly control: ProcessControl
  /** How the folders of workers are removed; that of `remove-path.ts` unless a test has its own. */
  readonly removePath?: RemovePath | undefined
  /** Is given what modules and setup printed: once, and once more if the run ends because of them. */
  readonly onBooted: (text: string) => void
  /** What a text that a worker printed says that went wrong. Default: the whole text. */
  readonly causeOf?: ((text: string) => string) | undefined
  /** Is told of a warm worker that takes no more tasks: how many it has run to their end, and why that was all. */
  readonly onRetired: (tasks: number, because: RetirementReason) => void
  /** Is told of the start of each worker, and of how that came out. */
  readonly onWorker?: ((event: ProcessEvent) => void) | undefined
  /** Makes what hears the output of an attempt as it is printed. */
  readonly listenTo?: ListenTo | undefined
  /** Makes what hears what modules and setup print in a worker. */
  readonly listenToSetup?: ListenToSetup | undefined
}

/** All that runs tasks in PowerShell processes: the socket on which workers report, the supply of them, and the attempts. */
export class Workforce implements AttemptRunner {
  readonly #context: AttemptContext
  readonly #supply: WorkerSupply
  readonly #left: LeftOutputs

  private constructor(context: AttemptContext, supply: WorkerSupply, left: LeftOutputs) {
    this.#context = context
    this.#supply = supply
    this.#left = left
  }

  /** Gets ready to run attempts; starts no process yet. */
  static async start(options: WorkforceOptions): Promise<Workforce> {
    const {folder, setup, control} = options
    const setupFile = setup.trim() === '' ? undefined : path.join(folder, 'setup.ps1')
    if (setupFile !== undefined) writeFileSync(setupFile, setupText(options))
    const server = await ControlServer.listen(folder, control.platform)
    const shared = {...options, server, setupFile}
    const supply = new WorkerSupply(shared)
    const {startEnvironment} = supply
    const left = new LeftOutputs()
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

  /** Ends the workers that have no task, and listens no more. Precondition: no attempt is running. */
  async close(): Promise<void> {
    await this.#supply.close()
    this.#context.server.close()
  }
}

// One file for all that run it: what Windows PowerShell needs, the other one reads as well.
function setupText({setup, powershells, control}: WorkforceOptions): string {
  const isForWindowsPowerShell = [...powershells.values()].some(({edition}) => edition === 'powershell')
  return scriptFile(inFile([setup], control.platform), isForWindowsPowerShell ? 'powershell' : 'pwsh')
}

/** Every worker prints the same: it is told once. */
function firstText(tell: (text: string) => void): (text: string) => void {
  let wasTold = false
  return text => {
    if (wasTold || text === '') return
    wasTold = true
    tell(text)
  }
}
