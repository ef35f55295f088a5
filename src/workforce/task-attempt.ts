import {statSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {environmentAfter} from '../file-commands/environment-after.ts'
import {createTaskFiles, readTaskFiles, readUnfinishedFiles, type TaskFilePaths} from '../file-commands/task-files.ts'
import type {EnvironmentChanges} from '../model/environment.ts'
import {includesExitCode} from '../model/exit-code.ts'
import {NameTable} from '../model/name-table.ts'
import type {HeardOutput, ListenTo, OutputListener} from '../model/output-listener.ts'
import type {ProcessEnd} from '../model/process-end.ts'
import {success} from '../model/result.ts'
import type {Task} from '../model/task.ts'
import {noChanges, type TaskChanges} from '../model/task-changes.ts'
import type {AttemptOutcome, AttemptRequest, CompletedAttempt, RunningAttempt} from '../pool/attempt-runner.ts'
import {layeredChanges, startTimeChanges, taskVariables} from '../powershell/task-environment.ts'
import {renderTaskScript, scriptFile} from '../powershell/task-script.ts'
import type {LeftOutput} from '../recording/left-output.ts'
import type {OutputMemory} from '../recording/output-memory.ts'
import {type AttemptOutput, TaskOutput} from '../recording/task-output.ts'
import {UnrecordedOutput} from '../recording/unrecorded-output.ts'
import {describeBug, isSystemError} from '../text/bug.ts'
import {quoted} from '../text/quoted.ts'
import type {TaskWorker} from '../worker/task-worker.ts'
import {printsBeforeTask} from '../worker/worker-command.ts'
import {maxStartFailures, type StartFailures} from './start-failures.ts'
import type {WorkerFactoryOptions} from './worker-factory.ts'

/** What every attempt of a run shares. */
export interface AttemptContext extends WorkerFactoryOptions {
  /**
   * A worker for a task that changes this in the step's environment; `undefined` if `signal` is aborted before there is one. Rejects with what
   * starting a process throws.
   */
  readonly take: (task: Task, changes: EnvironmentChanges, signal: AbortSignal) => Promise<TaskWorker | undefined>
  /** The variables that a worker's environment has only for its start, with what a task is to find instead; null for nothing. */
  readonly startEnvironment: EnvironmentChanges
  readonly startFailures: StartFailures
  readonly outputMemory: OutputMemory
  /** Is given what comes through the pipes of a task that is over, and is to be closed. */
  readonly onLeft: (task: Task, output: LeftOutput) => void
  /** The `shell` of tasks that name none of their own. */
  readonly shell?: string | undefined
  /** Is given what a worker printed before the first task that began. */
  readonly onBooted: (text: string) => void
  /** Is given what the last of the workers printed whose losses end the run. */
  readonly onStartFailures?: ((text: string) => void) | undefined
  /** What a text that a worker printed says that went wrong. Default: the whole text. */
  readonly causeOf?: ((text: string) => string) | undefined
  /** Makes what hears the output of an attempt as it is printed. */
  readonly listenTo?: ListenTo | undefined
}

/** One attempt of a task from the taking of a worker to the last trace of it. */
export class TaskAttempt implements RunningAttempt {
  readonly completed: Promise<CompletedAttempt>
  readonly #request: AttemptRequest
  readonly #context: AttemptContext
  readonly #output: AttemptOutput
  readonly #ownChanges: EnvironmentChanges
  readonly #listener: OutputListener | undefined
  readonly #ending = new AbortController()
  #worker: TaskWorker | undefined
  /** The first thing that was thrown while the worker was heard. */
  #fault: {readonly error: unknown} | undefined
  #heard: Promise<HeardOutput | undefined> | undefined

  constructor(request: AttemptRequest, context: AttemptContext) {
    this.#request = request
    this.#context = context
    this.#listener = context.listenTo?.(request.task, request.number)
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
    const listener = this.#listener
    if (listener?.isRecorded === false) return new UnrecordedOutput()
    const file = path.join(this.#context.folder, `task-${task.index}.${number}.output`)
    return new TaskOutput({file, memory: this.#context.outputMemory}, bytes => listener?.safeEnd(bytes) ?? bytes.length)
  }

  /** The wall around the attempt: whatever is thrown in it is its end, and no more. */
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
      let files: TaskFilePaths
      let worker: TaskWorker | undefined
      try {
        worker = await this.#context.take(this.#request.task, this.#ownChanges, this.#ending.signal)
        if (worker === undefined) return this.#complete(endedBeforeItBegan, undefined)
        this.#worker = worker
        files = this.#assign(worker)
      } catch (error) {
        // A full disk, an environment that is too large for the system: this task's failure, not the run's.
        if (isSystemError(error)) return this.#giveUp(error.message)
        throw error
      }
      // Ended while there was no worker that could be.
      if (this.#ending.signal.aborted) worker.kill()
      const end = await worker.completed
      if (this.#fault !== undefined) throw this.#fault.error
      if (worker.hasBegun || this.#ending.signal.aborted || end.reason === 'internal') return this.#complete(end, {worker, files})
      const judged = this.#judgeStartFailure(worker, end, ownStartFailures)
      if (judged === 'this task') ownStartFailures++
      await worker.release()
      if (typeof judged !== 'string') return this.#complete(judged, undefined)
    }
  }

  /** Whose fault it is that the task has not begun: an end of this attempt, or what a loss counts for that another worker may make good. */
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

  /** Whether a worker for this task is started as none is for others. */
  #hasOwnStart(): boolean {
    const {powershells, shell} = this.#context
    const isOwnShell = powershells.size > 1 && this.#request.task.shell !== shell
    return isOwnShell || startTimeChanges(this.#ownChanges).size > 0
  }

  /** Ends with what was thrown. Everything in here may be what threw it. */
  async #abandon(error: unknown): Promise<CompletedAttempt> {
    const worker = this.#worker
    const steps = [
      () => worker?.kill(),
      () => worker?.completed,
      () => worker?.release(),
      () => this.#output.finish(),
      () => this.#finishHearing()
    ]
    for (const step of steps) {
      try {
        await step()
      } catch {}
    }
    return {end: {reason: 'internal', message: describeBug(error)}, output: this.#output, changes: noChanges, left: []}
  }

  /** Calls what is called by somebody who cannot deal with what it throws. */
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

  #finishHearing(): Promise<HeardOutput | undefined> {
    this.#heard ??= this.#listener?.finish() ?? Promise.resolve(undefined)
    return this.#heard
  }

  async #giveUp(message: string): Promise<CompletedAttempt> {
    this.#worker?.kill()
    await this.#worker?.completed
    await this.#worker?.release()
    return this.#complete({reason: 'not-started', message}, undefined)
  }

  #assign(worker: TaskWorker): TaskFilePaths {
    const {task, inherited, number, worker: slot, onStarted} = this.#request
    const {control, startFailures, onBooted, powershells} = this.#context
    const {taskFile, scriptFile: ownScript, filesFolder, temporaryFolder} = worker.folder
    const text = renderTaskScript(task, ownScript, inherited.needs, control.platform)
    const edition = powershells.get(task.shell)?.edition ?? 'pwsh'
    writeFileSync(taskFile, scriptFile(text.task, edition))
    if (text.script !== undefined) writeFileSync(ownScript, scriptFile(text.script, edition))
    const {variables, files} = createTaskFiles(filesFolder)
    const facts = taskVariables(task, {attempt: number, worker: slot, temporaryFolder})
    const layers = [this.#context.startEnvironment, this.#ownChanges, Object.entries(variables), facts]
    worker.run({
      workingDirectory: task.workingDirectory,
      environment: layeredChanges(layers, control.platform),
      onStarted: () =>
        this.#guarded(() => {
          startFailures.reset()
          onBooted(worker.bootOutput)
          onStarted(worker.pid)
        }),
      onOutput: (stream, chunk) =>
        this.#guarded(() => {
          const heard = this.#listener?.hear(stream, chunk)
          this.#output.append(stream, chunk)
          return heard?.catch(error => this.#fail(error))
        })
    })
    return files
  }

  async #complete(end: AttemptOutcome, ran: {worker: TaskWorker; files: TaskFilePaths} | undefined): Promise<CompletedAttempt> {
    const output = this.#output
    output.finish()
    const heard = await this.#finishHearing()
    if (this.#fault !== undefined) throw this.#fault.error
    if (heard?.hasCommandSigns === false) output.markWithoutCommandSigns()
    if (ran === undefined) return {end, output, changes: noChanges, left: []}
    const {leftOutput} = ran.worker
    if (leftOutput !== undefined) this.#context.onLeft(this.#request.task, leftOutput)
    const left = this.#ending.signal.aborted ? [] : await ran.worker.leftBehind(this.#context.leftovers)
    const {files, worker} = ran
    const {platform} = this.#context.control
    const isEnded = this.#ending.signal.aborted
    const changes =
      isSuccess(end, this.#request.task) && !isEnded
        ? readTaskFiles(files, platform)
        : success(readUnfinishedFiles(files, platform, isEnded || end.reason !== 'exited'))
    await worker.release()
    if (!changes.ok) return {end: {reason: 'wrong-file', message: changes.error}, output, changes: noChanges, left}
    return {end, output, changes: withPrintedOutputs(changes.value, heard?.outputs), left}
  }
}

// To the runner too, what is in the file comes after what was printed.
function withPrintedOutputs(changes: TaskChanges, printed: ReadonlyMap<string, string> | undefined): TaskChanges {
  if (printed === undefined || printed.size === 0) return changes
  const outputs = new NameTable<string>(true)
  for (const [name, value] of [...printed, ...changes.outputs]) outputs.set(name, value)
  return {...changes, outputs: outputs.toMap()}
}

const endedBeforeItBegan: AttemptOutcome = {reason: 'killed', signal: 'SIGKILL'}

const isSuccess = (end: AttemptOutcome, {successCodes}: Task): boolean =>
  end.reason === 'exited' && includesExitCode(successCodes, end.exitCode)

const whole = (text: string): string => text

/** What is said of the last of several workers in a row that were lost. */
function startFailureMessage(
  {bootOutput}: Pick<TaskWorker, 'bootOutput'>,
  end: ProcessEnd,
  isInSetup: boolean,
  failedStarts: number
): string {
  const how = end.reason === 'exited' ? `exit code ${end.exitCode}` : end.reason === 'killed' ? end.signal : end.message
  const when = isInSetup ? 'while modules and setup ran' : 'before the task began'
  return [`PowerShell ended ${failedStarts} times in a row ${when} (${how})`, bootOutput].filter(part => part !== '').join(': ')
}

/** What of a task is not there; the list has been read long ago, and what it needs may have been made since, or removed. */
function missingPath({script, workingDirectory}: Task): string | undefined {
  if (!['folder', 'unknown'].includes(kindOf(workingDirectory))) return `working-directory: there is no folder ${quoted(workingDirectory)}`
  if (script.kind === 'file' && !['file', 'unknown'].includes(kindOf(script.path))) return `file: there is no file ${quoted(script.path)}`
  return undefined
}

// What cannot be looked at, PowerShell tells.
function kindOf(file: string): 'file' | 'folder' | 'missing' | 'unknown' {
  try {
    const stats = statSync(file, {throwIfNoEntry: false})
    return stats === undefined ? 'missing' : stats.isDirectory() ? 'folder' : 'file'
  } catch {
    return 'unknown'
  }
}

/** What a task changes in the environment of the step: by what it needs, and by itself. */
function ownChanges({task, inherited}: AttemptRequest, {environment, control}: AttemptContext): EnvironmentChanges {
  const after = inherited.changes.length === 0 ? environment : environmentAfter(environment, inherited.changes, control.platform)
  const changed = Object.entries(after).flatMap(([name, value]) =>
    value === undefined || value === environment[name] ? [] : [[name, value] as const]
  )
  return layeredChanges([changed, task.env], control.platform)
}
