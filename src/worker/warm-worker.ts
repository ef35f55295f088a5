import type {LeftProcess} from '../model/event.ts'
import type {OutputStream} from '../model/output-listener.ts'
import type {ProcessEnd} from '../model/process-end.ts'
import {unreachable} from '../model/unreachable.ts'
import {endProcesses} from '../process/end-processes.ts'
import {warmStopThread} from '../process/pipeline-stop.ts'
import type {ListedProcess} from '../process/process-list.ts'
import {chainOf, descendantsOf, endedOf} from '../process/process-tree.ts'
import {mayHaveStarted, type StartsBefore, startsBefore} from '../process/started-processes.ts'
import {pipeGraceMs, type TaskProcess} from '../process/task-process.ts'
import {eventLoopTurn} from '../system/event-loop.ts'
import type {WorkerConnection} from './control-server.ts'
import type {OutsideOutput} from './outside-output.ts'
import type {SetupClock} from './setup-clock.ts'
import type {Assignment} from './task-worker.ts'
import {type TurnWorker, WarmTurn} from './warm-turn.ts'
import {printsBeforeTask, type WarmIsolation, warmWorkerArguments} from './worker-command.ts'
import {type RetirementReason, WorkerFitness} from './worker-fitness.ts'
import {WorkerFolder} from './worker-folder.ts'
import type {WorkerContext, WorkerOptions} from './worker-process.ts'
import {brokenEnd, startWorkerProcess} from './worker-process.ts'
import {pathsWithHome, type TaskDone, taskMessage, type WorkerMessage} from './worker-protocol.ts'

/** Shared by all warm workers of a run. */
export interface WarmWorkerContext extends WorkerContext {
  /** Tasks until a worker is replaced, from 1. */
  readonly maxTasksPerWorker: number
  /** Called when a worker is retired, with the number of tasks it has finished and the reason. */
  readonly onRetired: (tasks: number, because: RetirementReason) => void
  /** Called when a worker can take a task, or has failed to boot. */
  readonly onIdle: () => void
}

/** States of a warm worker; `docs/architecture.md` has the diagram. It may get its first task while it boots, and may end at any time. */
export type WarmWorkerState = 'booting' | 'idle' | 'busy' | 'retired' | 'ended'

/** Grace period, in milliseconds, for a retired worker to end by itself, and for the end mark of a task to arrive. */
const graceMs = 5000

/** Interval at which leftover processes are polled, in milliseconds. */
const lookMs = 25

/** A PowerShell process that runs task after task, one at a time. Its folder exists as long as the process. */
export class WarmWorker implements TurnWorker {
  readonly folder: WorkerFolder
  /** Resolves when the process is over and its output has been read. Never rejects. */
  readonly completed: Promise<ProcessEnd>
  /** Resolves when it is ready for its first task, or has ended. */
  readonly booted: Promise<unknown>
  readonly #process: TaskProcess
  readonly #context: WarmWorkerContext
  readonly #fitness: WorkerFitness
  readonly #speaksBeforeEachTask: boolean
  readonly #outside: OutsideOutput
  readonly #fail: (error: unknown) => void
  readonly #clock: SetupClock
  #state: WarmWorkerState = 'booting'
  #unfit: RetirementReason | undefined
  #isRetired = false
  #isFailing = false
  #home = ''
  #connection: WorkerConnection | undefined
  #turn: WarmTurn | undefined
  #handed: {readonly assignment: Assignment; readonly nonce: string} | undefined
  #bytesPrinted = 0
  /** When the current task was sent. */
  #startsBefore: StartsBefore | undefined
  #graceTimer: NodeJS.Timeout | undefined

  /** Starts the process. Throws system errors. */
  constructor(isolation: WarmIsolation, options: WorkerOptions, context: WarmWorkerContext) {
    this.#context = context
    this.#fitness = new WorkerFitness(context.maxTasksPerWorker)
    // Setup runs in every new runspace, so its output must not be taken for late output of a task.
    this.#speaksBeforeEachTask = isolation === 'runspace' && printsBeforeTask(context)
    this.folder = new WorkerFolder(options.folder, context.removePath)
    const kind = {arguments: warmWorkerArguments(isolation, context), stopThread: warmStopThread, createLeftListener: undefined}
    const {process, booted, completed, fail, clock, outside} = startWorkerProcess(kind, this.folder, options, context, {
      onMessage: (message, connection) => this.#onMessage(message, connection),
      onOutput: (stream, chunk) => this.#onOutput(stream, chunk)
    })
    this.#process = process
    this.#fail = fail
    this.#clock = clock
    this.#outside = outside
    this.booted = booted
    this.completed = completed
      .then(async end => {
        await this.#finishLife(end)
        return end
      })
      .catch(error => {
        this.#turn?.break(error)
        return brokenEnd(error)
      })
  }

  async #finishLife(end: ProcessEnd): Promise<void> {
    clearTimeout(this.#graceTimer)
    this.#clock.stop()
    this.#isFailing = this.#connection === undefined && !this.#isRetired
    this.#state = 'ended'
    if (this.#isFailing) this.#context.onIdle()
    this.#isFailing = false
    this.#turn?.lose(end)
    if (this.#turn === undefined) await this.folder.remove()
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  /** Whether it has booted. */
  get wasReady(): boolean {
    return this.#connection !== undefined
  }

  get setupTimedOut(): boolean {
    return this.#clock.isOver
  }

  fail(error: unknown): void {
    this.#unfit ??= 'not-tidied'
    this.#fail(error)
  }

  get state(): WarmWorkerState {
    return this.#state
  }

  /** Whether it can take a task, now or once it has booted. */
  get isIdle(): boolean {
    return this.#turn === undefined && (this.#state === 'booting' || this.#state === 'idle')
  }

  get bootOutput(): string {
    return this.#outside.text.trim()
  }

  /** Whether it can begin a task at once, or has failed to boot and no task has reported that yet. */
  get isReady(): boolean {
    return this.#turn === undefined && (this.#state === 'idle' || this.#isFailing)
  }

  /** Assigns the worker to a task. Precondition: it is idle or ready. */
  takeTurn(): WarmTurn {
    if (!this.isIdle && !this.isReady) throw new Error(`Internal error: a worker that is ${this.#state} was given a task`)
    this.#turn = new WarmTurn(this)
    return this.#turn
  }

  hand(assignment: Assignment, nonce: string): void {
    this.#handed = {assignment, nonce}
    this.#send()
  }

  beginTask(): void {
    this.#outside.endLines()
  }

  end(): void {
    this.#process.end()
  }

  kill(): void {
    this.#process.kill()
  }

  /** Makes it take no more tasks; it ends by itself when it has none. */
  retire(because: RetirementReason): void {
    if (this.#isRetired) return
    this.#isRetired = true
    this.#context.onRetired(this.#fitness.tasks, because)
    if (this.#state === 'ended') return
    this.#state = 'retired'
    this.#connection?.close()
    // A booting worker cannot be asked to end, and killing it loses nothing.
    if (this.#connection === undefined) this.kill()
    else this.#graceTimer = setTimeout(() => this.kill(), graceMs)
  }

  async endLeftBehind(): Promise<readonly LeftProcess[]> {
    const {control} = this.#context
    const {pid, powershellPid, lifetime} = this.#process
    if (pid === undefined || powershellPid === undefined) return []
    if (this.#state !== 'ended' && !this.#mayHaveStarted(powershellPid)) return []
    const left = await this.#lingering(pid)
    if (left.length === 0) return []
    this.#unfit ??= 'left-processes'
    this.retire(this.#unfit)
    const target = {leader: pid, powershell: powershellPid, mark: this.folder.mark, stopThread: warmStopThread, lifetime, earlier: left}
    await endProcesses(target, control, new AbortController().signal)
    await this.#process.completed
    return endedOf(left, await control.listProcesses(this.folder.mark))
  }

  #mayHaveStarted(powershellPid: number): boolean {
    const {platform} = this.#context.control
    // On Windows only the worker itself can check this fast enough for each task.
    if (platform === 'win32') return this.#turn?.mayHaveStarted !== false
    return mayHaveStarted(powershellPid, this.#startsBefore, platform)
  }

  /** Processes of the task that are still alive after the time that every task has to close its pipes. */
  async #lingering(pid: number): Promise<readonly ListedProcess[]> {
    const {lifetime} = this.#process
    let earlier: readonly ListedProcess[] = []
    // Limited by time, not count, because a list may be slow.
    for (const until = performance.now() + pipeGraceMs; ; ) {
      const processes = await this.#context.control.listProcesses(this.folder.mark)
      const own = chainOf(this.#process.powershellPid ?? pid, pid, processes)
      const left = descendantsOf(pid, processes, {lifetime, earlier}).filter(process => !own.has(process.pid))
      earlier = [...earlier, ...left]
      if (left.length === 0) await this.#drain()
      if (left.length === 0 || performance.now() >= until) return left
      await new Promise(resolve => setTimeout(resolve, lookMs))
    }
  }

  // Output of a process that has ended may still be in the pipe. All of it has been read when a turn of the event loop brings no more.
  async #drain(): Promise<void> {
    for (let seen = -1; seen !== this.#bytesPrinted || this.#process.isHeldUp; ) {
      seen = this.#bytesPrinted
      if (this.#process.isHeldUp) await new Promise(resolve => setTimeout(resolve, lookMs))
      await eventLoopTurn()
    }
  }

  async takeBack(): Promise<void> {
    clearTimeout(this.#graceTimer)
    this.#turn = undefined
    this.#handed = undefined
    this.#outside.forget()
    if (this.#unfit !== undefined) this.retire(this.#unfit)
    const isTidied = this.state === 'busy' && (await this.folder.empty())
    // It may have ended or been retired meanwhile.
    if (this.state === 'ended') await this.folder.remove()
    if (this.state !== 'busy') return
    // The process of the worker may hold a file open; the folder is removed after the process has ended.
    if (!isTidied) this.retire('not-tidied')
    else {
      this.#state = 'idle'
      this.#context.onIdle()
    }
  }

  #onMessage(message: WorkerMessage, connection: WorkerConnection): void {
    switch (message.type) {
      case 'ready':
        this.#connection = connection
        this.#home = message.home
        this.#clock.stop()
        if (this.#state === 'booting') this.#state = 'idle'
        this.#send()
        if (this.isReady) this.#context.onIdle()
        break
      case 'started':
        this.#clock.stop()
        this.#turn?.begin()
        break
      case 'refused':
        this.#turn?.refuse(message.because)
        break
      case 'done':
        this.#finish(message)
        break
      default:
        unreachable(message)
    }
  }

  #send(): void {
    if (this.#state !== 'idle' || this.#handed === undefined) return
    this.#state = 'busy'
    this.#clock.start()
    const {assignment, nonce} = this.#handed
    const {platform} = this.#context.control
    // Processes that modules and setup left are found with the first task.
    this.#startsBefore = startsBefore(this.#process.powershellPid ?? -1, platform, this.#fitness.tasks > 0)
    const environment = pathsWithHome(assignment.environment, this.#home, platform)
    this.#connection?.send(taskMessage(nonce, this.folder.taskFile, assignment.workingDirectory, environment))
  }

  #finish(done: TaskDone): void {
    this.#unfit ??= this.#fitness.judge(done)
    this.#turn?.finish(done)
    if (this.#turn?.isOver === false) this.#awaitMarks(this.#turn)
  }

  // A task may have closed the stream that carries its end mark.
  #awaitMarks(turn: WarmTurn): void {
    this.#graceTimer = setTimeout(() => {
      if (turn.isOver) return
      if (this.#process.isHeldUp) return this.#awaitMarks(turn)
      this.#unfit ??= 'lost-mark'
      this.kill()
    }, graceMs)
  }

  #onOutput(stream: OutputStream, chunk: Buffer): Promise<void> | undefined {
    this.#bytesPrinted += chunk.length
    if (this.#turn === undefined) {
      // Output of modules and setup may arrive after `ready`.
      this.#takeOutside(stream, chunk, this.#fitness.tasks > 0)
      return undefined
    }
    return this.#turn.print(stream, chunk, (bytes, isAfter) => {
      const mayBeSetup = !isAfter && (this.#fitness.tasks === 0 || this.#speaksBeforeEachTask)
      this.#takeOutside(stream, bytes, !mayBeSetup)
    })
  }

  #takeOutside(stream: OutputStream, bytes: Buffer, isLate: boolean): void {
    if (bytes.length === 0) return
    this.#outside.take(stream, bytes)
    if (!isLate) return
    this.#unfit ??= 'late-output'
    if (this.#turn === undefined) this.retire(this.#unfit)
  }
}
