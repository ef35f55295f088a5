import type {ProcessEnd} from '../../model/process-end.ts'
import {unreachable} from '../../model/unreachable.ts'
import {consoleHostStopThread} from '../../process/pipeline-stop.ts'
import type {ProcessControl} from '../../process/process-control.ts'
import type {TaskProcess} from '../../process/task-process.ts'
import {type LeftOutput, unheldOutput} from '../../spool/left-output.ts'
import {removePath} from '../../system/remove-path.ts'
import type {WorkerConnection} from '../control-server.ts'
import type {OutsideOutput} from '../outside-output.ts'
import {SetupClock} from '../setup-clock.ts'
import type {Assignment} from '../task-worker.ts'
import type {WarmWorkerContext} from '../warm-worker.ts'
import {type RetirementReason, threadGrowthLimits, WorkerFitness} from '../worker-fitness.ts'
import {brokenEnd, startWorkerProcess, type WorkerOptions} from '../worker-process.ts'
import {pathsWithHome} from '../worker-protocol.ts'
import {FrameReader} from './frames.ts'
import {threadWorkerArguments} from './thread-command.ts'
import {interruptFrame, parseThreadFrame, stopFrame, type ThreadMessage, taskFrame} from './thread-protocol.ts'
import {ThreadSlots} from './thread-slots.ts'
import {ThreadTurn, type ThreadTurnWorker} from './thread-turn.ts'

/** Shared by all workers that run several tasks at a time. */
export interface ThreadWorkerContext extends WarmWorkerContext {
  /** How many slots to open at once, from 1. */
  readonly firstSlots: number
  /** Receives output that cannot be attributed to one task. */
  readonly stray: LeftOutput
}

/** States of a worker. A retired one takes no more tasks, and ends when it has none. */
export type ThreadWorkerState = 'booting' | 'open' | 'retired' | 'ended'

/** Grace period for an idle worker to end by itself, in milliseconds. */
const graceMs = 5000

/** A PowerShell process that runs many tasks at a time, each in a slot with its own runspace. Its folder exists as long as the process. */
export class ThreadWorker implements ThreadTurnWorker {
  /** Resolves when the process is over and its output has been read. Never rejects. */
  readonly completed: Promise<ProcessEnd>
  /** Resolves when it is ready for tasks, or has ended. */
  readonly booted: Promise<unknown>
  readonly #process: TaskProcess
  readonly #context: ThreadWorkerContext
  readonly #fitness: WorkerFitness
  readonly #slots: ThreadSlots
  readonly #outside: OutsideOutput
  readonly #fail: (error: unknown) => void
  readonly #clock: SetupClock
  readonly #frames = new FrameReader()
  readonly #turns = new Map<number, ThreadTurn>()
  #state: ThreadWorkerState = 'booting'
  #isFailing = false
  #isCondemned = false
  #home = ''
  #connection: WorkerConnection | undefined
  #waiting: {readonly turn: ThreadTurn; readonly assignment: Assignment}[] = []
  #culprit: number | undefined
  #lastId = 0
  #graceTimer: NodeJS.Timeout | undefined

  /** Starts the process. Throws system errors. */
  constructor(options: WorkerOptions, context: ThreadWorkerContext) {
    this.#context = context
    this.#fitness = new WorkerFitness(context.maxTasksPerWorker)
    this.#slots = new ThreadSlots(options.folder, context.removePath)
    const kind = {
      arguments: threadWorkerArguments(context, context.firstSlots),
      stopThread: consoleHostStopThread,
      createLeftListener: undefined
    }
    // Each slot has its own mark: processes that PowerShell itself started are found by their parents.
    const {process, booted, completed, fail, clock, outside} = startWorkerProcess(kind, this.#slots.first, options, context, {
      onMessage: (message, connection) => {
        if (message.type === 'ready') this.#boot(message.home, connection)
      },
      onOutput: (stream, chunk) => {
        if (this.#connection === undefined) this.#outside.take(stream, chunk)
        else context.stray.take(stream, chunk)
        return undefined
      }
    })
    this.#process = process
    this.#fail = fail
    this.#clock = clock
    this.#outside = outside
    this.booted = booted
    this.completed = completed
      .then(async end => {
        await this.#finishLife(end, options.folder)
        return end
      })
      .catch(error => {
        for (const turn of this.#turns.values()) turn.lose(brokenEnd(error))
        return brokenEnd(error)
      })
  }

  get state(): ThreadWorkerState {
    return this.#state
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  get control(): ProcessControl {
    return this.#context.control
  }

  /** Whether it has booted. */
  get wasReady(): boolean {
    return this.#connection !== undefined
  }

  get setupTimedOut(): boolean {
    return this.#clock.isOver
  }

  get bootOutput(): string {
    return this.#outside.text.trim()
  }

  /** Whether it has no task. */
  get isIdle(): boolean {
    return this.#turns.size === 0
  }

  /** Whether it can take one more task at once, or has failed to boot and no task has reported that yet. */
  get isReady(): boolean {
    return this.#state === 'open' || (this.#isFailing && this.isIdle)
  }

  /** Assigns a slot to a task. Precondition: it is ready. */
  takeTurn(): ThreadTurn {
    if (!this.isReady) throw new Error(`Internal error: a worker that is ${this.#state} was given a task`)
    const {setupTimeoutMs, startSetupTimer} = this.#context
    const place = {id: ++this.#lastId, ...this.#slots.take()}
    const turn = new ThreadTurn(this, place, onOver => new SetupClock(setupTimeoutMs, onOver, startSetupTimer))
    this.#turns.set(turn.id, turn)
    return turn
  }

  hand(turn: ThreadTurn, assignment: Assignment): void {
    this.#waiting.push({turn, assignment})
    this.#send()
  }

  newLeftOutput(): LeftOutput {
    return unheldOutput(this.#context.createSetupListener?.())
  }

  stop({id}: ThreadTurn): void {
    this.#connection?.send(stopFrame(id))
  }

  interrupt({id}: ThreadTurn): void {
    this.#connection?.send(interruptFrame(id))
  }

  condemn(): void {
    this.#isCondemned = true
    this.retire('condemned')
    this.#endIfIdle()
  }

  fail(error: unknown): void {
    this.#fail(error)
  }

  kill(): void {
    this.#process.kill()
  }

  /** Makes it take no more tasks; it ends when it has none. */
  retire(because: RetirementReason): void {
    if (this.#state === 'retired' || this.#state === 'ended') return
    const hasBooted = this.#state === 'open'
    this.#state = 'retired'
    this.#context.onRetired(this.#fitness.tasks, because)
    // A booting worker cannot be asked to end, and killing it loses nothing.
    if (hasBooted) this.#endIfIdle()
    else this.kill()
  }

  async takeBack(turn: ThreadTurn): Promise<void> {
    this.#waiting = this.#waiting.filter(each => each.turn !== turn)
    this.#slots.giveBack(turn, turn.leftOutput === undefined && (await turn.folder.empty()))
    this.#turns.delete(turn.id)
    this.#endIfIdle()
    if (this.#state === 'open') this.#context.onIdle()
  }

  #boot(home: string, connection: WorkerConnection): void {
    this.#connection = connection
    this.#home = home
    this.#clock.stop()
    connection.readBytes(bytes => this.#read(bytes))
    if (this.#state === 'booting') this.#state = 'open'
    this.#send()
    this.#context.onIdle()
  }

  #send(): void {
    const connection = this.#connection
    if (connection === undefined) return
    for (const {turn, assignment} of this.#waiting.splice(0)) {
      const {id, slot, folder} = turn
      const environment = pathsWithHome(assignment.environment, this.#home, this.control.platform)
      connection.send(taskFrame({id, slot, file: folder.taskFile, workingDirectory: assignment.workingDirectory, environment}))
      turn.sent()
    }
  }

  #read(bytes: Buffer): Promise<void> | undefined {
    try {
      const frames = this.#frames.take(bytes)
      if (frames === undefined) throw new Error('a worker sent bytes that are no frames')
      const waits: Promise<void>[] = []
      for (const frame of frames) {
        const message = parseThreadFrame(frame)
        if (!message.ok) throw new Error(message.error)
        const taken = this.#take(message.value)
        if (taken !== undefined) waits.push(taken)
      }
      return waits.length === 0 ? undefined : Promise.all(waits).then(nothing, error => this.#fail(error))
    } catch (error) {
      this.#fail(error)
      return undefined
    }
  }

  #take(message: ThreadMessage): Promise<void> | undefined {
    if (message.type === 'setup') {
      this.#outside.take('stdout', message.bytes)
      return undefined
    }
    const turn = this.#turns.get(message.id)
    switch (message.type) {
      case 'started':
        if (this.#fitness.tasks === 0) this.#outside.endLines()
        turn?.begin()
        return undefined
      case 'output':
        if (turn !== undefined) return turn.print(message.stream, message.bytes)
        this.#context.stray.take(message.stream, message.bytes)
        return undefined
      case 'done': {
        const {count} = this.#slots
        const unfit = this.#fitness.judge({...message, unfitBecause: '', mayHaveStarted: undefined}, threadGrowthLimits(count), count)
        turn?.finish(message)
        if (unfit !== undefined) this.retire(unfit)
        return undefined
      }
      case 'refused':
        turn?.refuse(message.because)
        return undefined
      case 'unopened':
        turn?.failToOpen(message.because)
        return undefined
      case 'ending':
        this.#culprit = message.id
        return undefined
      default:
        return unreachable(message)
    }
  }

  #endIfIdle(): void {
    if (this.#state !== 'retired' || [...this.#turns.values()].some(turn => !turn.isComplete)) return
    if (this.#isCondemned) {
      this.kill()
      return
    }
    if (!this.isIdle || this.#graceTimer !== undefined) return
    this.#connection?.close()
    this.#graceTimer = setTimeout(() => this.kill(), graceMs)
  }

  async #finishLife(end: ProcessEnd, folder: string): Promise<void> {
    clearTimeout(this.#graceTimer)
    this.#clock.stop()
    this.#isFailing = this.#connection === undefined && this.#state !== 'retired'
    this.#state = 'ended'
    if (this.#isFailing) this.#context.onIdle()
    this.#isFailing = false
    this.#lose(end)
    await Promise.all([...this.#turns.values()].map(turn => turn.completed))
    await (this.#context.removePath ?? removePath)(folder)
  }

  /** Ends the turns of a process that has ended. The task that ended it, if known, gets the end of the process; the others are lost. */
  #lose(end: ProcessEnd): void {
    const running = [...this.#turns.values()].filter(turn => turn.isRunning)
    const culprit = running.length === 1 ? running[0] : running.find(({id}) => id === this.#culprit)
    for (const turn of this.#turns.values()) {
      turn.lose(
        turn === culprit || !turn.isRunning || end.reason === 'internal'
          ? end
          : {reason: 'worker-lost', message: lostMessage(end, culprit, running)}
      )
    }
  }
}

const nothing = (): void => {}

function lostMessage(end: ProcessEnd, culprit: ThreadTurn | undefined, running: readonly ThreadTurn[]): string {
  const how = end.reason === 'exited' ? `exit code ${end.exitCode}` : end.reason === 'killed' ? end.signal : end.message
  if (culprit !== undefined) return `the process that it ran in was ended (${how}) by the task ${culprit.name}, which ran in it too`
  const names = running.map(({name}) => name).join(', ')
  return `the process that it ran in has ended (${how}), perhaps by one of the tasks that ran in it: ${names}`
}
