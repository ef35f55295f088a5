import type {LeftProcess} from '../../model/event.ts'
import type {OutputStream} from '../../model/output-listener.ts'
import type {ProcessEnd} from '../../model/process-end.ts'
import {endMarked, listMarked} from '../../process/end-marked.ts'
import {endingSchedule} from '../../process/end-processes.ts'
import type {ProcessControl} from '../../process/process-control.ts'
import {endedOf} from '../../process/process-tree.ts'
import {pipeGraceMs} from '../../process/task-process.ts'
import type {LeftOutput} from '../../spool/left-output.ts'
import type {SetupClock} from '../setup-clock.ts'
import type {Assignment, TaskWorker} from '../task-worker.ts'
import type {WorkerFolder} from '../worker-folder.ts'
import {brokenEnd} from '../worker-process.ts'
import type {ThreadTaskDone} from './thread-protocol.ts'

/** The part of a worker that a turn uses. */
export interface ThreadTurnWorker {
  readonly pid: number | undefined
  readonly control: ProcessControl
  /** Output of modules and setup. */
  readonly bootOutput: string
  readonly setupTimedOut: boolean
  /** Sends the task to its slot, as soon as the worker has booted. */
  hand(turn: ThreadTurn, assignment: Assignment): void
  /** Creates storage for the output of a task that is given up. */
  newLeftOutput(): LeftOutput
  /** Begins to stop the task. */
  stop(turn: ThreadTurn): void
  /** Interrupts the task where it waits for something that a stop does not end. */
  interrupt(turn: ThreadTurn): void
  /** Called when a task cannot be stopped: the worker takes no more tasks, and ends when the others are over. */
  condemn(): void
  /** Handles an exception that concerns the worker: it is killed. */
  fail(error: unknown): void
  /** Ends the turn. */
  takeBack(turn: ThreadTurn): Promise<void>
}

/** Interval at which leftover processes are polled, in milliseconds. */
const lookMs = 25

/** Time that a stopped task has to end after its native commands have ended, in milliseconds. */
const abandonAfterMs = 500

/** One task's turn at a worker that runs several at a time. All its output comes in frames with its id, in order. */
export class ThreadTurn implements TaskWorker {
  readonly id: number
  readonly slot: number
  readonly folder: WorkerFolder
  readonly completed: Promise<ProcessEnd>
  /** Not known: its slot may have to be opened first. */
  readonly wasReady = false
  readonly #worker: ThreadTurnWorker
  readonly #clock: SetupClock
  readonly #firmly = new AbortController()
  #complete: (end: ProcessEnd) => void = () => {}
  #assignment: Assignment | undefined
  #done: ThreadTaskDone | undefined
  #left: Promise<readonly LeftProcess[]> | undefined
  #leftOutput: LeftOutput | undefined
  #refusal: string | undefined
  #unopened: string | undefined
  #hasBegun = false
  #isComplete = false
  #isEnding = false
  #timers: NodeJS.Timeout[] = []

  /** `newClock`: creates the clock for the time before the task; the clock calls its argument when the time is over. */
  constructor(
    worker: ThreadTurnWorker,
    place: {readonly id: number; readonly slot: number; readonly folder: WorkerFolder},
    newClock: (onOver: () => void) => SetupClock
  ) {
    this.#worker = worker
    this.id = place.id
    this.slot = place.slot
    this.folder = place.folder
    this.#clock = newClock(() => this.#abandon())
    this.completed = new Promise(resolve => {
      this.#complete = end => {
        if (this.#isComplete) return
        this.#isComplete = true
        this.#clock.stop()
        for (const timer of this.#timers) clearTimeout(timer)
        resolve(end)
      }
    })
  }

  get pid(): number | undefined {
    return this.#worker.pid
  }

  get hasBegun(): boolean {
    return this.#hasBegun
  }

  /** Whether its end is known. */
  get isComplete(): boolean {
    return this.#isComplete
  }

  /** Whether it runs in the worker's process. */
  get isRunning(): boolean {
    return this.#hasBegun && this.#done === undefined && !this.#isComplete
  }

  /** The task's name; empty where it is not known. */
  get name(): string {
    return this.#assignment?.name ?? ''
  }

  get bootOutput(): string {
    return [this.#worker.bootOutput, this.#unopened ?? ''].join('\n').trim()
  }

  get refusal(): string | undefined {
    return this.#refusal
  }

  get setupTimedOut(): boolean {
    return this.#clock.isOver || this.#worker.setupTimedOut
  }

  get leftOutput(): LeftOutput | undefined {
    return this.#leftOutput
  }

  run(assignment: Assignment): void {
    if (this.#assignment !== undefined) throw new Error('Internal error: a turn was given a second task')
    this.#assignment = assignment
    this.#worker.hand(this, assignment)
  }

  /** Called when the task has been sent to its slot. */
  sent(): void {
    this.#clock.start()
    if (this.#isEnding) this.#worker.stop(this)
  }

  /** Handles `started`. */
  begin(): void {
    this.#clock.stop()
    if (this.#isComplete) return
    this.#hasBegun = true
    this.#assignment?.onStarted()
  }

  /** Handles output of the task. Output after the task was given up is treated like that of a process that it left running. */
  print(stream: OutputStream, bytes: Buffer): Promise<void> | undefined {
    if (!this.#isComplete) return this.#assignment?.onOutput(stream, bytes)
    this.#leftOutput?.take(stream, bytes)
    return undefined
  }

  /** Handles `done`. */
  finish(done: ThreadTaskDone): void {
    this.#done = done
    if (this.#isComplete) return
    if (!this.#isEnding) this.#assignment?.onOver()
    const over = this.#isEnding ? this.#endNatives() : this.leftBehind()
    void over.then(() => this.#complete({reason: 'exited', exitCode: done.exitCode, error: done.error})).catch(error => this.break(error))
  }

  /** Called when the worker could not prepare for this task. */
  refuse(because: string): void {
    this.#refusal = because
    this.#complete({reason: 'exited', exitCode: 1})
  }

  /** Called when its slot could not be opened. */
  failToOpen(because: string): void {
    this.#unopened = because
    this.#complete({reason: 'exited', exitCode: 1})
  }

  /** Handles the end of the worker's process. */
  lose(end: ProcessEnd): void {
    if (this.#done === undefined) this.#complete(end)
  }

  /** Handles an unexpected exception: the turn and its worker end. */
  break(error: unknown): void {
    this.#worker.fail(error)
    this.#complete(brokenEnd(error))
  }

  /**
   * Stops the task, and ends the native commands that carry its mark. If the task still waits at the time when a PowerShell process of its own would
   * be ended, it is interrupted. If it still runs after that, it is given up, and its worker with it.
   */
  end(): void {
    if (this.#isEnding || this.#isComplete) return
    this.#isEnding = true
    const {terminateAfterMs, killAfterMs} = endingSchedule
    this.#worker.stop(this)
    this.#after(terminateAfterMs, () => this.#worker.interrupt(this))
    this.#after(killAfterMs + abandonAfterMs, () => this.#abandon())
    void this.#endNatives().catch(error => this.break(error))
  }

  kill(): void {
    this.#firmly.abort()
    this.end()
    this.#abandon()
  }

  leftBehind(): Promise<readonly LeftProcess[]> {
    this.#left ??= this.#endLeftBehind()
    return this.#left
  }

  async release(): Promise<void> {
    await this.#worker.takeBack(this)
  }

  #after(ms: number, act: () => void): void {
    this.#timers.push(setTimeout(act, ms))
  }

  // A thread cannot be ended from outside; only its process can.
  #abandon(): void {
    if (this.#isComplete) return
    this.#leftOutput = this.#worker.newLeftOutput()
    this.#complete({reason: 'killed', signal: 'SIGKILL'})
    this.#worker.condemn()
  }

  #endNatives(): Promise<void> {
    // Whether a task has started native commands is known only after its end.
    return this.#done?.hasStarted === false ? Promise.resolve() : endMarked(this.folder.mark, this.#worker.control, this.#firmly.signal)
  }

  /** Gives native commands that the task left running a second, then ends them, because the next task has the same mark. */
  async #endLeftBehind(): Promise<readonly LeftProcess[]> {
    const {control} = this.#worker
    const {mark} = this.folder
    if (this.#done?.hasStarted === false) return []
    for (const until = performance.now() + pipeGraceMs; ; ) {
      const left = await listMarked(mark, control)
      if (left.length === 0) return []
      if (performance.now() < until) await new Promise(resolve => setTimeout(resolve, lookMs))
      else {
        await endMarked(mark, control, this.#firmly.signal)
        return endedOf(left, await control.listProcesses(mark))
      }
    }
  }
}
