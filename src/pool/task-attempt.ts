import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {includesExitCode} from '../exit-code.ts'
import {environmentAfter} from '../file-command/environment-after.ts'
import {NameTable} from '../file-command/name-table.ts'
import {createTaskFiles, readTaskFiles, type TaskFilePaths} from '../file-command/task-files.ts'
import type {ListenTo, OutputListener} from '../output-listener.ts'
import type {Task} from '../task.ts'
import {noChanges, type TaskChanges} from '../task-changes.ts'
import type {AttemptRequest, CompletedAttempt, OwnEnd, RunningAttempt} from './attempt-runner.ts'
import type {LeftOutput} from './left-output.ts'
import {layeredChanges, taskVariables} from './task-environment.ts'
import {type AttemptOutput, TaskOutput} from './task-output.ts'
import {renderTaskScript, scriptFile} from './task-script.ts'
import type {TaskWorker} from './task-worker.ts'
import {UnrecordedOutput} from './unrecorded-output.ts'
import type {WorkerFactoryOptions} from './worker-factory.ts'
import type {WorkerLosses} from './worker-losses.ts'
import type {EnvironmentChanges} from './worker-protocol.ts'

/** What every attempt of a run shares. */
export interface AttemptContext extends WorkerFactoryOptions {
  /**
   * A worker for a task that changes this in the step's environment; `undefined` if `signal` is aborted before there is one. Rejects with what
   * starting a process throws.
   */
  readonly take: (task: Task, changes: EnvironmentChanges, signal: AbortSignal) => Promise<TaskWorker | undefined>
  /** The variables that a worker's environment has only for its start, with what a task is to find instead; null for nothing. */
  readonly startEnvironment: EnvironmentChanges
  readonly losses: WorkerLosses
  /** Is given what comes through the pipes of a task that is over, and is to be closed. */
  readonly onLeft: (task: Task, output: LeftOutput) => void
  /** Is given what a worker printed before the first task that began. */
  readonly onBooted: (text: string) => void
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
    this.#worker?.end()
  }

  kill(): void {
    this.#ending.abort()
    this.#worker?.kill()
  }

  #createOutput(): AttemptOutput {
    const {task, number} = this.#request
    const listener = this.#listener
    if (listener?.isRecorded === false) return new UnrecordedOutput()
    const file = path.join(this.#context.folder, `task-${task.index}.${number}.output`)
    return new TaskOutput(file, bytes => listener?.safeEnd(bytes) ?? bytes.length)
  }

  async #run(): Promise<CompletedAttempt> {
    for (;;) {
      let files: TaskFilePaths
      let worker: TaskWorker | undefined
      try {
        worker = await this.#context.take(this.#request.task, this.#ownChanges, this.#ending.signal)
        if (worker === undefined) return this.#complete(endedBeforeItBegan, undefined)
        this.#worker = worker
        files = this.#assign(worker)
      } catch (error) {
        // A full disk, an environment that is too large for the system: this task's failure, not the run's.
        return this.#giveUp((error as Error).message)
      }
      // Ended while there was no worker that could be.
      if (this.#ending.signal.aborted) worker.kill()
      const end = await worker.completed
      if (worker.hasBegun || this.#ending.signal.aborted) return this.#complete(end, {worker, files})
      const message = lossMessage(worker, end)
      await worker.release()
      if (!this.#context.losses.add()) return this.#complete({reason: 'no-worker', message}, undefined)
    }
  }

  async #giveUp(message: string): Promise<CompletedAttempt> {
    this.#worker?.kill()
    await this.#worker?.completed
    await this.#worker?.release()
    return this.#complete({reason: 'not-started', message}, undefined)
  }

  #assign(worker: TaskWorker): TaskFilePaths {
    const {task, inherited, number, worker: slot, onStarted} = this.#request
    const {control, losses, onBooted, powershells} = this.#context
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
      onStarted: () => {
        losses.reset()
        onBooted(worker.bootOutput)
        onStarted()
      },
      onOutput: (stream, chunk) => {
        const heard = this.#listener?.hear(stream, chunk)
        this.#output.append(stream, chunk)
        return heard
      }
    })
    return files
  }

  async #complete(end: OwnEnd, ran: {worker: TaskWorker; files: TaskFilePaths} | undefined): Promise<CompletedAttempt> {
    const output = this.#output
    output.finish()
    const heard = await this.#listener?.finish()
    if (heard?.hasCommandSigns === false) output.markWithoutCommandSigns()
    if (ran === undefined) return {end, output, changes: noChanges, left: []}
    const {leftOutput} = ran.worker
    if (leftOutput !== undefined) this.#context.onLeft(this.#request.task, leftOutput)
    const left = this.#ending.signal.aborted ? [] : await ran.worker.leftBehind(this.#context.leftovers)
    const changes = readTaskFiles(ran.files, this.#context.control.platform)
    await ran.worker.release()
    if (changes.ok) return {end, output, changes: withPrintedOutputs(changes.value, heard?.outputs), left}
    return {
      end: isSuccess(end, this.#request.task) ? {reason: 'wrong-file', message: changes.error} : end,
      output,
      changes: noChanges,
      left
    }
  }
}

// To the runner too, what is in the file comes after what was printed.
function withPrintedOutputs(changes: TaskChanges, printed: ReadonlyMap<string, string> | undefined): TaskChanges {
  if (printed === undefined || printed.size === 0) return changes
  const outputs = new NameTable<string>(true)
  for (const [name, value] of [...printed, ...changes.outputs]) outputs.set(name, value)
  return {...changes, outputs: outputs.toMap()}
}

const endedBeforeItBegan: OwnEnd = {reason: 'killed', signal: 'SIGKILL'}

const isSuccess = (end: OwnEnd, {successCodes}: Task): boolean => end.reason === 'exited' && includesExitCode(successCodes, end.exitCode)

function lossMessage(worker: TaskWorker, end: OwnEnd): string {
  const how = end.reason === 'exited' ? `exit code ${end.exitCode}` : end.reason === 'killed' ? end.signal : end.message
  return [`PowerShell ended before the task began (${how})`, worker.bootOutput].filter(part => part !== '').join(': ')
}

/** What a task changes in the environment of the step: by what it needs, and by itself. */
function ownChanges({task, inherited}: AttemptRequest, {environment, control}: AttemptContext): EnvironmentChanges {
  const after = inherited.changes.length === 0 ? environment : environmentAfter(environment, inherited.changes, control.platform)
  const changed = Object.entries(after).flatMap(([name, value]) =>
    value === undefined || value === environment[name] ? [] : [[name, value] as const]
  )
  return layeredChanges([changed, task.env], control.platform)
}
