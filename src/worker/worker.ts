import type {LeftProcess} from '../model/event.ts'
import type {OutputStream} from '../model/output-listener.ts'
import type {ProcessEnd} from '../model/process-end.ts'
import type {Leftovers} from '../model/settings.ts'
import {endProcesses} from '../process/end-processes.ts'
import {consoleHostStopThread} from '../process/pipeline-stop.ts'
import type {ProcessControl} from '../process/process-control.ts'
import {descendantsOf, endedOf} from '../process/process-tree.ts'
import type {TaskProcess} from '../process/task-process.ts'
import type {LeftOutput} from '../spool/left-output.ts'
import {readAtMost} from '../system/bounded-read.ts'
import {eventLoopTurn} from '../system/event-loop.ts'
import type {WorkerConnection} from './control-server.ts'
import {MarkedOutput} from './marked-output.ts'
import type {OutsideOutput} from './outside-output.ts'
import type {SetupClock} from './setup-clock.ts'
import {TaskStart} from './task-start.ts'
import type {Assignment, TaskWorker} from './task-worker.ts'
import {printsBeforeTask, workerArguments} from './worker-command.ts'
import {WorkerFolder} from './worker-folder.ts'
import {bootVariables, brokenEnd, startWorkerProcess, type WorkerContext, type WorkerOptions} from './worker-process.ts'
import {maxErrorReport, parseTaskError, pathsWithHome, runMessage, type WorkerMessage} from './worker-protocol.ts'

/** States of a worker; `docs/architecture.md` has the diagram. It may get its task while it boots, and may end at any time. */
export type WorkerState = 'booting' | 'ready' | 'assigned' | 'running' | 'ended'

/**
 * A PowerShell process that boots ahead, with modules and setup, and then runs one task at global scope, as a `shell: pwsh` step would. Its folder
 * exists until `release`.
 */
export class Worker implements TaskWorker {
  readonly folder: WorkerFolder
  readonly completed: Promise<ProcessEnd>
  /** Resolves when it is ready for its task, or has ended. */
  readonly booted: Promise<unknown>
  readonly #process: TaskProcess
  readonly #marked: Record<OutputStream, MarkedOutput>
  readonly #outside: OutsideOutput
  readonly #start = new TaskStart()
  readonly #control: ProcessControl
  readonly #startedIn: string
  readonly #fail: (error: unknown) => void
  readonly #clock: SetupClock
  #state: WorkerState = 'booting'
  #refusal: string | undefined
  #wasReady = false
  #home = ''
  #connection: WorkerConnection | undefined
  #assignment: Assignment | undefined

  /** Starts the process. Throws system errors. */
  constructor(options: WorkerOptions, context: WorkerContext) {
    this.folder = new WorkerFolder(options.folder, context.removePath)
    const createLeftListener = context.leftovers === 'keep' ? () => context.createSetupListener?.() : undefined
    const objectsFile = options.keepsObjects === true ? this.folder.objectsFile : undefined
    const kind = {
      arguments: workerArguments(this.folder.taskFile, context, objectsFile),
      stopThread: consoleHostStopThread,
      createLeftListener
    }
    const {process, token, booted, completed, fail, clock, outside} = startWorkerProcess(kind, this.folder, options, context, {
      onMessage: (message, connection) => this.#onMessage(message, connection),
      onOutput: (stream, chunk) => this.#onOutput(stream, chunk)
    })
    const marks = printsBeforeTask(context) ? 1 : 0
    this.#marked = {stdout: new MarkedOutput(token, marks), stderr: new MarkedOutput(token, marks)}
    this.#control = context.control
    this.#startedIn = options.workingDirectory
    this.#process = process
    this.#fail = fail
    this.#clock = clock
    this.#outside = outside
    this.booted = booted
    this.completed = completed
      .then(end => {
        if (this.#state === 'running') this.#begin()
        // The process was left by modules or setup, so no task reports it.
        if (!this.hasBegun) process.leftOutput?.close()
        return this.#withError(end)
      })
      .catch(brokenEnd)
      .then(end => {
        this.#clock.stop()
        this.#state = 'ended'
        return end
      })
  }

  get state(): WorkerState {
    return this.#state
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  get hasBegun(): boolean {
    return this.#start.hasBegun
  }

  get bootOutput(): string {
    return `${this.#outside.text}${this.#start.waiting}`.trim()
  }

  get refusal(): string | undefined {
    return this.#refusal
  }

  get setupTimedOut(): boolean {
    return this.#clock.isOver
  }

  get wasReady(): boolean {
    return this.#wasReady
  }

  run(assignment: Assignment): void {
    if (this.#assignment !== undefined) throw new Error('Internal error: a worker was given a second task')
    this.#assignment = assignment
    this.#send()
  }

  end(): void {
    this.#process.end()
  }

  kill(): void {
    this.#process.kill()
  }

  async leftBehind(policy: Leftovers): Promise<readonly LeftProcess[]> {
    const {pid} = this
    if (pid === undefined) return []
    const {mark} = this.folder
    const {lifetime} = this.#process
    const left = descendantsOf(pid, await this.#control.listProcesses(mark), {lifetime})
    if (left.length === 0 || policy === 'keep') return left.map(({pid, name}) => ({pid, name, isEnded: false}))
    const target = {leader: pid, powershell: pid, mark, stopThread: consoleHostStopThread, lifetime, earlier: left}
    await endProcesses(target, this.#control, new AbortController().signal)
    return endedOf(left, await this.#control.listProcesses(mark))
  }

  get leftOutput(): LeftOutput | undefined {
    return this.#process.leftOutput
  }

  async release(): Promise<void> {
    await this.folder.remove()
  }

  #onMessage(message: WorkerMessage, connection: WorkerConnection): void {
    if (message.type === 'ready') {
      this.#connection = connection
      this.#home = message.home
      this.#state = 'ready'
      this.#wasReady = true
      this.#clock.stop()
      this.#send()
    } else if (message.type === 'refused') {
      this.#refusal = message.because
    } else if (message.type === 'started' && this.#state === 'assigned') {
      this.#state = 'running'
      // Earlier output may arrive after the message.
      this.#clock.stop()
      void eventLoopTurn()
        .then(() => this.#begin())
        .catch(this.#fail)
    }
  }

  #begin(): void {
    if (!this.hasBegun) this.#outside.endLines()
    this.#start.begin(this.#assignment)
  }

  #send(): void {
    if (this.#state !== 'ready' || this.#assignment === undefined) return
    this.#state = 'assigned'
    this.#clock.start()
    const {workingDirectory, environment, reportsError} = this.#assignment
    const folder = workingDirectory === this.#startedIn ? '' : workingDirectory
    const changes = [...environment, ...bootVariables.map(name => [name, null] as const)]
    this.#connection?.send(
      runMessage(
        folder,
        reportsError === true ? this.folder.errorFile : '',
        pathsWithHome(new Map(changes), this.#home, this.#control.platform)
      )
    )
  }

  // A task that an error of PowerShell ends always has exit code 1. A file that cannot be read counts as no error.
  #withError(end: ProcessEnd): ProcessEnd {
    if (end.reason !== 'exited' || end.exitCode !== 1 || this.#assignment?.reportsError !== true) return end
    const report = readAtMost(this.folder.errorFile, maxErrorReport)
    const [types = '', id = ''] = report.ok ? Buffer.from(report.value.bytes).toString().split('\t') : []
    return {...end, error: parseTaskError(types, id)}
  }

  #onOutput(stream: OutputStream, chunk: Buffer): Promise<void> | undefined {
    const {before, task} = this.#marked[stream].take(chunk)
    this.#outside.take(stream, before)
    return this.#start.print(this.#assignment, stream, task)
  }
}
