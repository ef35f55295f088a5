import {writeFileSync} from 'node:fs'
import type {Environment, EnvironmentChanges} from '../../src/model/environment.ts'
import type {PowerShell} from '../../src/model/event.ts'
import type {ProcessEnd} from '../../src/model/process-end.ts'
import {restoredStartFlags, withStartFlags} from '../../src/powershell/start-flags.ts'
import {processControl} from '../../src/process/process-control.ts'
import type {ControlServer} from '../../src/worker/control-server.ts'
import type {Assignment} from '../../src/worker/task-worker.ts'
import {WarmWorker} from '../../src/worker/warm-worker.ts'
import type {WarmIsolation} from '../../src/worker/worker-command.ts'
import type {RetirementReason} from '../../src/worker/worker-fitness.ts'
import type {ProcessRun} from './golden.ts'

/** What the warm workers of a test are made of. */
export interface WarmTurnsOptions {
  readonly isolation: WarmIsolation
  readonly powershell: PowerShell
  readonly server: ControlServer
  /** Of the worker, absolute. */
  readonly folder: string
  /** Of the step: a task finds it as it is, a worker is started with more. */
  readonly environment: Environment
  /** Where workers are started; absolute. */
  readonly startedIn: string
  /** Absolute path of a script that is run first, or `undefined`. */
  readonly setupFile?: string
}

/** Runs task files one after another in one warm worker, and goes on with another one where that takes no more. */
export class WarmTurns {
  /** Why workers were replaced. */
  readonly retired: RetirementReason[] = []
  readonly #options: WarmTurnsOptions
  #worker: WarmWorker | undefined

  constructor(options: WarmTurnsOptions) {
    this.#options = options
  }

  /** Runs a task to its end. Without `text` its file is there already. `keepsObjects`: whether what it emits is kept as objects. */
  async run(workingDirectory: string, environment: Environment, text?: string, keepsObjects = false): Promise<ProcessRun> {
    const worker = this.#workerAtHand()
    if (keepsObjects) writeFileSync(worker.folder.objectsFile, '')
    if (text !== undefined) writeFileSync(worker.folder.taskFile, text)
    const turn = worker.takeTurn()
    const {assignment, printed} = recorded(workingDirectory, environment, restoredStartFlags(this.#options.environment))
    turn.run(assignment)
    const end = await turn.completed
    await turn.leftBehind()
    await turn.release()
    // The next one will have the same folder.
    if (!worker.isIdle) await worker.completed
    return printed(end)
  }

  async close(): Promise<void> {
    this.#worker?.kill()
    await this.#worker?.completed
  }

  #workerAtHand(): WarmWorker {
    if (this.#worker?.isIdle) return this.#worker
    const {isolation, powershell, server, folder, environment, startedIn, setupFile} = this.#options
    this.#worker = new WarmWorker(
      isolation,
      {powershell, folder, environment: withStartFlags(environment), workingDirectory: startedIn},
      {
        server,
        control: processControl,
        leftovers: 'keep',
        modules: [],
        setupFile,
        maxTasksPerWorker: 1000,
        onRetired: (_, because) => this.retired.push(because),
        onIdle: () => {}
      }
    )
    return this.#worker
  }
}

/**
 * An assignment that keeps what the task prints, and what there is of it when the task has ended. `takenBack`: what its worker was started with and it is
 * not to find.
 */
export function recorded(
  workingDirectory: string,
  environment: Environment,
  takenBack: EnvironmentChanges = new Map()
): {readonly assignment: Assignment; readonly printed: (end: ProcessEnd) => ProcessRun} {
  const output: Record<'stdout' | 'stderr', Buffer[]> = {stdout: [], stderr: []}
  const assignment: Assignment = {
    workingDirectory,
    environment: new Map([...takenBack, ...Object.entries(environment).map(([name, value]) => [name, value ?? null] as const)]),
    onStarted: () => {},
    onOver: () => {},
    onOutput: (stream, chunk) => {
      output[stream].push(Buffer.from(chunk))
      return undefined
    }
  }
  const printed = (end: ProcessEnd): ProcessRun => ({
    stdout: Buffer.concat(output.stdout),
    stderr: Buffer.concat(output.stderr),
    exitCode: end.reason === 'exited' ? end.exitCode : end.reason === 'killed' ? end.signal : null
  })
  return {assignment, printed}
}
