import path from 'node:path'
import {environmentAfter} from '../file-commands/environment-after.ts'
import type {EnvironmentChanges} from '../model/environment.ts'
import type {CreateListener, OutputFindings, OutputListener} from '../model/output-listener.ts'
import type {ProcessEnd} from '../model/process-end.ts'
import {isDecidedBy, type Task} from '../model/task.ts'
import {noChanges} from '../model/task-changes.ts'
import type {AttemptOutcome, AttemptRequest, CompletedAttempt, RunningAttempt} from '../pool/attempt-runner.ts'
import {layeredChanges, startTimeChanges} from '../powershell/task-environment.ts'
import type {LeftOutput} from '../spool/left-output.ts'
import type {OutputMemory} from '../spool/output-memory.ts'
import {type AttemptOutput, TaskOutput} from '../spool/task-output.ts'
import {UnrecordedOutput} from '../spool/unrecorded-output.ts'
import {describeBug, isSystemError} from '../text/bug.ts'
import type {TaskWorker} from '../worker/task-worker.ts'
import {printsBeforeTask} from '../worker/worker-command.ts'
import {AttemptFiles, type AttemptFilesContext, missingPath} from './attempt-files.ts'
import {maxStartFailures, type StartFailures, startFailureMessage} from './start-failures.ts'
import type {WorkerFactoryOptions} from './worker-factory.ts'

/** Shared by all attempts of a run. */
export interface AttemptContext extends Omit<WorkerFactoryOptions, 'firstSlots' | 'stray'>, AttemptFilesContext {
  /**
   * Takes a worker for a task; `undefined` if `signal` is aborted first. `changes`: how the task's environment differs from the step's. Rejects with
   * system errors.
   */
  readonly take: (task: Task, changes: EnvironmentChanges, signal: AbortSignal) => Promise<TaskWorker | undefined>
  /** Changes that restore the step's own values of the start flags for a task. */
  readonly startEnvironment: EnvironmentChanges
  readonly startFailures: StartFailures
  readonly outputMemory: OutputMemory
  /** Receives the late output of a finished task; the receiver closes it. */
  readonly onLeft: (task: Task, output: LeftOutput) => void
  /** The `shell` of tasks that name none of their own. */
  readonly shell?: string | undefined
  /** Receives the output that a worker printed before the first task began. */
  readonly onBooted: (text: string) => void
  /** Receives the output of the last worker when failed starts stop the run. */
  readonly onStartFailures?: ((text: string) => void) | undefined
  /** Extracts the error from a worker's output. Default: the whole text. */
  readonly causeOf?: ((text: string) => string) | undefined
  /** Creates the listener of an attempt's output. */
  readonly createListener?: CreateListener | undefined
}

/** One attempt of a task, from taking a worker to cleaning up. */
export class TaskAttempt implements RunningAttempt {
  readonly completed: Promise<CompletedAttempt>
  readonly #request: AttemptRequest
  readonly #context: AttemptContext
  readonly #output: AttemptOutput
  readonly #ownChanges: EnvironmentChanges
  readonly #listener: OutputListener | undefined
  readonly #ending = new AbortController()
  #isOver = false
  #worker: TaskWorker | undefined
  /** The first exception while processing the worker's output or messages. */
  #fault: {readonly error: unknown} | undefined
  #findings: Promise<OutputFindings | undefined> | undefined

  constructor(request: AttemptRequest, context: AttemptContext) {
    this.#request = request
    this.#context = context
    this.#listener = context.createListener?.(request.task, request.number, part => this.#output.add(part))
    this.#output = this.#createOutput()
    this.#ownChanges = ownChanges(request, context)
    this.completed = this.#run()
  }

  end(): void {
    this.#ending.abort()
    this.#guarded(() => this.#worker?.end())
  }

  kill(): void {
    this.#ending.abort()
    this.#guarded(() => this.#worker?.kill())
  }

  #createOutput(): AttemptOutput {
    const {task, number} = this.#request
    if (this.#listener?.isRecorded === false) return new UnrecordedOutput()
    const file = path.join(this.#context.folder, `task-${task.index}.${number}.output`)
    return new TaskOutput({file, memory: this.#context.outputMemory})
  }

  /** The exception boundary of the attempt: an exception becomes the end of the attempt. */
  async #run(): Promise<CompletedAttempt> {
    try {
      return await this.#attempt()
    } catch (error) {
      return this.#abandon(error)
    }
  }

  async #attempt(): Promise<CompletedAttempt> {
    const missing = missingPath(this.#request.task)
    if (missing !== undefined) return this.#complete({reason: 'not-started', message: missing}, undefined)
    for (let ownStartFailures = 1; ; ) {
      let files: AttemptFiles
      let worker: TaskWorker | undefined
      try {
        worker = await this.#context.take(this.#request.task, this.#ownChanges, this.#ending.signal)
        if (worker === undefined) return this.#complete(endedBeforeItBegan, undefined)
        this.#worker = worker
        files = this.#assign(worker)
      } catch (error) {
        // For example a full disk, or an environment too large for the system: the task fails, not the run.
        if (isSystemError(error)) return this.#giveUp(error.message)
        throw error
      }
      // The attempt was ended before it had a worker.
      if (this.#ending.signal.aborted) worker.kill()
      const end = await worker.completed
      if (worker.hasBegun) this.#noteOver()
      if (this.#fault !== undefined) throw this.#fault.error
      if (worker.hasBegun || this.#ending.signal.aborted || end.reason === 'internal') return this.#complete(end, {worker, files})
      const judged = this.#judgeStartFailure(worker, end, ownStartFailures)
      if (judged === 'this task') ownStartFailures++
      await worker.release()
      if (typeof judged !== 'string') return this.#complete(judged, undefined)
    }
  }

  /** Decides what a failed start means: the end of this attempt, or another try, which counts against the task or the run. */
  #judgeStartFailure(worker: TaskWorker, end: ProcessEnd, ownStartFailures: number): AttemptOutcome | 'this task' | 'the run' {
    const {startFailures, onBooted, setupTimeoutMs = 0} = this.#context
    if (worker.refusal !== undefined) return {reason: 'not-started', message: worker.refusal}
    const isOwn = this.#hasOwnStart()
    if (worker.setupTimedOut) {
      onBooted(worker.bootOutput)
      return {reason: 'setup-timeout', timeoutMs: setupTimeoutMs, isOwn}
    }
    const isInSetup = printsBeforeTask(this.#context) && !worker.wasReady
    if (isOwn || worker.wasReady) {
      if (ownStartFailures < maxStartFailures) return 'this task'
      return {reason: 'not-started', message: startFailureMessage(worker, end, isInSetup, ownStartFailures)}
    }
    if (startFailures.add()) return 'the run'
    const {onStartFailures, causeOf = whole} = this.#context
    const {bootOutput} = worker
    const cause = causeOf(bootOutput)
    if (cause !== bootOutput) onStartFailures?.(bootOutput)
    return {
      reason: 'no-worker',
      failedStarts: startFailures.inRow,
      message: startFailureMessage({bootOutput: cause}, end, isInSetup, startFailures.inRow)
    }
  }

  /** Whether this task needs a worker started differently from the others. */
  #hasOwnStart(): boolean {
    const {powershells, shell} = this.#context
    const isOwnShell = powershells.size > 1 && this.#request.task.shell !== shell
    return isOwnShell || startTimeChanges(this.#ownChanges, this.#request.task.isolation).size > 0
  }

  /** Ends the attempt after an exception. Anything used here may have thrown it. */
  async #abandon(error: unknown): Promise<CompletedAttempt> {
    const worker = this.#worker
    const steps = [
      () => worker?.kill(),
      () => worker?.completed,
      () => worker?.release(),
      () => this.#finishListening(),
      () => this.#output.finish()
    ]
    for (const step of steps) {
      try {
        await step()
      } catch {}
    }
    return {end: {reason: 'internal', message: describeBug(error)}, output: this.#output, changes: noChanges, left: []}
  }

  /** Runs `act` for a caller that cannot handle exceptions. */
  #guarded<T>(act: () => T): T | undefined {
    try {
      return act()
    } catch (error) {
      this.#fail(error)
      return undefined
    }
  }

  #fail(error: unknown): void {
    if (this.#fault !== undefined) return
    this.#fault = {error}
    this.#guarded(() => this.#worker?.kill())
  }

  /** Called when the task has ended by itself; a later `end` or `kill` does not change its verdict. */
  #noteOver(): void {
    if (this.#isOver || this.#ending.signal.aborted) return
    this.#isOver = true
    this.#request.onOver()
  }

  #finishListening(): Promise<OutputFindings | undefined> {
    this.#findings ??= this.#listener?.finish() ?? Promise.resolve(undefined)
    return this.#findings
  }

  async #giveUp(message: string): Promise<CompletedAttempt> {
    this.#worker?.kill()
    await this.#worker?.completed
    await this.#worker?.release()
    return this.#complete({reason: 'not-started', message}, undefined)
  }

  #assign(worker: TaskWorker): AttemptFiles {
    const {task, number, onStarted} = this.#request
    const {control, startFailures, onBooted} = this.#context
    const files = new AttemptFiles(this.#request, this.#context, worker.folder)
    const layers = [this.#context.startEnvironment, this.#ownChanges, files.variables]
    worker.run({
      name: task.name,
      workingDirectory: task.workingDirectory,
      environment: layeredChanges(layers, control.platform),
      reportsError: isDecidedBy('exception', task.retry, number),
      onStarted: () =>
        this.#guarded(() => {
          startFailures.reset()
          onBooted(worker.bootOutput)
          onStarted(worker.pid)
        }),
      onOver: () => this.#guarded(() => this.#noteOver()),
      onOutput: (stream, chunk) =>
        this.#guarded(() => {
          if (this.#listener !== undefined) return this.#listener.receive(stream, chunk)?.catch(error => this.#fail(error))
          // The ends of its lines are not known.
          this.#output.add({stream, bytes: chunk, isContinued: true, isOpen: true})
          return undefined
        })
    })
    return files
  }

  async #complete(end: AttemptOutcome, ran: {worker: TaskWorker; files: AttemptFiles} | undefined): Promise<CompletedAttempt> {
    const output = this.#output
    const findings = await this.#finishListening()
    output.finish()
    if (this.#fault !== undefined) throw this.#fault.error
    if (ran === undefined) return {end, output, changes: noChanges, left: []}
    const {leftOutput} = ran.worker
    if (leftOutput !== undefined) this.#context.onLeft(this.#request.task, leftOutput)
    const left = this.#ending.signal.aborted ? [] : await ran.worker.leftBehind(this.#context.leftovers)
    const {files, worker} = ran
    const changes = files.changes(end, this.#ending.signal.aborted && !this.#isOver, findings?.outputs)
    const objects = files.objects()
    await worker.release()
    const lastPrinted = findings?.lastPrinted
    if (!changes.ok) return {end: {reason: 'wrong-file', message: changes.error}, output, changes: noChanges, objects, left, lastPrinted}
    return {end, output, changes: changes.value, objects, left, lastPrinted}
  }
}

const endedBeforeItBegan: AttemptOutcome = {reason: 'killed', signal: 'SIGKILL'}

const whole = (text: string): string => text

/** How the environment of a task differs from the step's: the changes of its needs, then its own. */
function ownChanges({task, inherited}: AttemptRequest, {environment, control}: AttemptContext): EnvironmentChanges {
  if (inherited.changes.length === 0) return task.env
  const after = environmentAfter(environment, inherited.changes, control.platform)
  const changed = Object.entries(after).flatMap(([name, value]) =>
    value === undefined || value === environment[name] ? [] : [[name, value] as const]
  )
  return layeredChanges([changed, task.env], control.platform)
}
