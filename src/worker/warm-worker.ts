import type {LeftProcess} from '../model/event.ts'
import type {ProcessEnd} from '../model/process-end.ts'
import {unreachable} from '../model/unreachable.ts'
import {endProcesses} from '../process/end-processes.ts'
import {warmStopThread} from '../process/pipeline-stop.ts'
import type {ListedProcess} from '../process/process-list.ts'
import {chainOf, descendantsOf, endedOf} from '../process/process-tree.ts'
import {mayHaveStarted, reapedFaults} from '../process/started-processes.ts'
import {pipeGraceMs, type TaskProcess} from '../process/task-process.ts'
import type {OutputStream} from '../recording/task-output.ts'
import {eventLoopTurn} from '../system/event-loop.ts'
import type {WorkerConnection} from './control-server.ts'
import {OutsideOutput} from './outside-output.ts'
import {SetupClock} from './setup-clock.ts'
import type {Assignment} from './task-worker.ts'
import {type TurnWorker, WarmTurn} from './warm-turn.ts'
import {printsBeforeTask, type WarmIsolation, warmWorkerArguments} from './worker-command.ts'
import {type RetirementReason, WorkerFitness} from './worker-fitness.ts'
import {WorkerFolder} from './worker-folder.ts'
import type {WorkerContext, WorkerOptions} from './worker-process.ts'
import {brokenEnd, startWorkerProcess} from './worker-process.ts'
import {pathsWithHome, type TaskDone, taskMessage, type WorkerMessage} from './worker-protocol.ts'

/** What every warm worker of a run is made of. */
export interface WarmWorkerContext extends WorkerContext {
  /** After how many tasks a worker is replaced, from 1. */
  readonly maxTasksPerWorker: number
  /** Is told of a worker that takes no more tasks: how many it has run to their end, and why that was all. */
  readonly onRetired: (tasks: number, because: RetirementReason) => void
  /** Is told that a worker can be given a task, or has failed to boot. */
  readonly onIdle: () => void
}

/**
 * Where a warm worker is in its life: it boots, waits for a task, has one, takes no more, and has ended. It may be handed its first task while
 * it still boots; it may end at any time.
 */
export type WarmWorkerState = 'booting' | 'idle' | 'busy' | 'retired' | 'ended'

/** How long a worker that is to take no more tasks may take to end by itself, and the end of a task's output to come, in milliseconds. */
const graceMs = 5000

/** How often one looks whether what a task left behind has ended, in milliseconds. */
const lookMs = 25

/** One PowerShell process that runs task after task, each in its turn. Its folder is there as long as it is. */
export class WarmWorker implements TurnWorker {
  readonly folder: WorkerFolder
  /** Resolves when the process is over, and all that it printed has been read. Never rejects. */
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
  /** Of the processes that were over when the task at hand was handed over. */
  #faultsBefore: number | undefined
  #graceTimer: NodeJS.Timeout | undefined

  /** Starts the process. Throws what the file system or the system's limits throw. */
  constructor(isolation: WarmIsolation, options: WorkerOptions, context: WarmWorkerContext) {
    this.#context = context
    this.#fitness = new WorkerFitness(context.maxTasksPerWorker)
    this.#outside = new OutsideOutput(context.listenToSetup?.())
    // Setup runs in every new runspace: what it prints is no task's late output.
    this.#speaksBeforeEachTask = isolation === 'runspace' && printsBeforeTask(context)
    this.folder = new WorkerFolder(options.folder, context.removePath)
    const kind = {arguments: warmWorkerArguments(isolation, context), stopThread: warmStopThread, listenToLeft: undefined}
    const {process, booted, completed, fail} = startWorkerProcess(kind, this.folder, options, context, {
      onMessage: (message, connection) => this.#onMessage(message, connection),
      onOutput: (stream, chunk) => this.#onOutput(stream, chunk)
    })
    this.#process = process
    this.#fail = fail
    this.#clock = new SetupClock(context.setupTimeoutMs, () => this.kill(), context.startSetupTimer)
    this.#clock.start()
    this.booted = booted
    this.completed = completed
      .then(end => {
        this.#finishLife(end)
        return end
      })
      .catch(error => {
        this.#turn?.break(error)
        return brokenEnd(error)
      })
  }

  #finishLife(end: ProcessEnd): void {
    clearTimeout(this.#graceTimer)
    this.#clock.stop()
    this.#isFailing = this.#connection === undefined && !this.#isRetired
    this.#state = 'ended'
    if (this.#isFailing) this.#context.onIdle()
    this.#isFailing = false
    this.#turn?.lose(end)
    if (this.#turn === undefined) this.folder.remove()
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

  /** Whether it can be given a task, now or as soon as it has booted. */
  get isIdle(): boolean {
    return this.#turn === undefined && (this.#state === 'booting' || this.#state === 'idle')
  }

  get bootOutput(): string {
    return this.#outside.text.trim()
  }

  /** Whether it can begin a task at once, or has just failed to boot and nobody knows yet. */
  get isReady(): boolean {
    return this.#turn === undefined && (this.#state === 'idle' || this.#isFailing)
  }

  /** Gives the worker to one task. Precondition: it is idle or ready. */
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

  /** It takes no more tasks, and ends by itself when it has none. */
  retire(because: RetirementReason): void {
    if (this.#isRetired) return
    this.#isRetired = true
    this.#context.onRetired(this.#fitness.tasks, because)
    if (this.#state === 'ended') return
    this.#state = 'retired'
    this.#connection?.close()
    // One that still boots hears nothing, and has nothing to lose.
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
    // Only the worker itself can tell it there at a price that each task can pay.
    if (platform === 'win32') return this.#turn?.mayHaveStarted !== false
    return mayHaveStarted(powershellPid, this.#faultsBefore, platform)
  }

  /** What the task has started and lives on after the time that every task is given to let go of its pipes. */
  async #lingering(pid: number): Promise<readonly ListedProcess[]> {
    const {lifetime} = this.#process
    let earlier: readonly ListedProcess[] = []
    // By the clock: where a list takes long, there are fewer.
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

  // What a process printed that is gone by now is still in the pipe: it is all here when a turn of the event loop brings no more.
  async #drain(): Promise<void> {
    for (let seen = -1; seen !== this.#bytesPrinted || this.#process.isHeldUp; ) {
      seen = this.#bytesPrinted
      if (this.#process.isHeldUp) await new Promise(resolve => setTimeout(resolve, lookMs))
      await eventLoopTurn()
    }
  }

  takeBack(): void {
    clearTimeout(this.#graceTimer)
    this.#turn = undefined
    this.#handed = undefined
    this.#outside.forget()
    if (this.#unfit !== undefined) this.retire(this.#unfit)
    if (this.#state === 'ended') this.folder.remove()
    if (this.#state !== 'busy') return
    // What cannot be removed may be held by the worker's process: it can go when that has ended.
    if (!this.folder.empty()) this.retire('not-tidied')
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
    this.#faultsBefore = reapedFaults(this.#process.powershellPid ?? -1, platform)
    const environment = pathsWithHome(assignment.environment, this.#home, platform)
    this.#connection?.send(taskMessage(nonce, this.folder.taskFile, assignment.workingDirectory, environment))
  }

  #finish(done: TaskDone): void {
    this.#unfit ??= this.#fitness.judge(done)
    this.#turn?.finish(done)
    if (this.#turn?.isOver === false) this.#awaitMarks(this.#turn)
  }

  // A task may have closed the stream on which its end was to be marked.
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
      // What modules and setup print at the start may come later than that the worker is ready.
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
