import {randomBytes} from 'node:crypto'
import type {LeftProcess} from '../model/event.ts'
import type {ProcessEnd} from '../model/process-end.ts'
import type {OutputStream} from '../recording/task-output.ts'
import {eventLoopTurn} from '../system/event-loop.ts'
import {MarkedOutput} from './marked-output.ts'
import {TaskStart} from './task-start.ts'
import type {Assignment, TaskWorker} from './task-worker.ts'
import type {WorkerFolder} from './worker-folder.ts'
import {brokenEnd} from './worker-process.ts'
import type {TaskDone} from './worker-protocol.ts'

/** A warm worker as the task sees it whose turn it is. */
export interface TurnWorker {
  readonly pid: number | undefined
  readonly folder: WorkerFolder
  /** What was printed before the task, or when nobody's turn was. */
  readonly bootOutput: string
  /** Whether it has been ended because what comes before a task took too long. */
  readonly setupTimedOut: boolean
  /** Something was thrown that has to do with the worker alone: it takes no more tasks, and is killed. */
  fail(error: unknown): void
  /** The turn has its assignment: it is to be handed over as soon as the worker is ready. */
  hand(assignment: Assignment, nonce: string): void
  /** The task begins: what was printed before it is complete. */
  beginTask(): void
  end(): void
  kill(): void
  /** Waits a little for what the task left behind, and ends it, and the worker with it. Resolves to what had to be ended, when it is gone. */
  endLeftBehind(): Promise<readonly LeftProcess[]>
  /** The turn is over. */
  takeBack(): void
}

/**
 * One task's turn at a warm worker. It is over when the worker has said so, both streams have been read up to that place, and nothing lives that
 * the task has started: until then, nobody else can have printed what comes.
 */
export class WarmTurn implements TaskWorker {
  readonly completed: Promise<ProcessEnd>
  /** Never known: setup may run once more when the worker has its task. */
  readonly wasReady = false
  readonly #worker: TurnWorker
  readonly #start = new TaskStart()
  readonly #nonce = randomBytes(16).toString('hex')
  readonly #marked = {stdout: new MarkedOutput(this.#nonce), stderr: new MarkedOutput(this.#nonce)}
  #complete: (end: ProcessEnd) => void = () => {}
  #assignment: Assignment | undefined
  #done: TaskDone | undefined
  #left: Promise<readonly LeftProcess[]> | undefined
  #isComplete = false
  #refusal: string | undefined
  #isStarted = false
  #isEnding = false

  constructor(worker: TurnWorker) {
    this.#worker = worker
    this.completed = new Promise(resolve => {
      this.#complete = end => {
        this.#isComplete = true
        resolve(end)
      }
    })
  }

  get folder(): WorkerFolder {
    return this.#worker.folder
  }

  get pid(): number | undefined {
    return this.#worker.pid
  }

  get hasBegun(): boolean {
    return this.#start.hasBegun
  }

  get bootOutput(): string {
    return this.#worker.bootOutput
  }

  get refusal(): string | undefined {
    return this.#refusal
  }

  get setupTimedOut(): boolean {
    return this.#worker.setupTimedOut
  }

  /** The worker could not prepare itself for this task, and ends. */
  refuse(because: string): void {
    this.#refusal = because
  }

  /** Something was thrown that nobody expected: the turn is over with it, and so is the worker. */
  break(error: unknown): void {
    this.#worker.fail(error)
    this.#complete(brokenEnd(error))
  }

  /** Whether the worker has run the task to its end, and its output is here up to that place. */
  get isOver(): boolean {
    return this.#done !== undefined && this.#marked.stdout.isOver && this.#marked.stderr.isOver
  }

  /** Whether something lives that did not when the task began, as far as the worker can tell. */
  get mayHaveStarted(): boolean | undefined {
    return this.#done?.mayHaveStarted
  }

  run(assignment: Assignment): void {
    if (this.#assignment !== undefined) throw new Error('Internal error: a turn was given a second task')
    this.#assignment = assignment
    this.#worker.hand(assignment, this.#nonce)
  }

  end(): void {
    this.#isEnding = true
    this.#worker.end()
  }

  kill(): void {
    this.#isEnding = true
    this.#worker.kill()
  }

  /** What a task leaves is ended before its turn is over. */
  readonly leftOutput = undefined

  leftBehind(): Promise<readonly LeftProcess[]> {
    this.#left ??= this.#worker.endLeftBehind()
    return this.#left
  }

  async release(): Promise<void> {
    this.#worker.takeBack()
  }

  /** The worker says that the task begins. */
  begin(): void {
    this.#isStarted = true
    // What was printed before it said so may come later than its word.
    void eventLoopTurn()
      .then(() => {
        this.#begin()
        this.#settle()
      })
      .catch(error => this.break(error))
  }

  /** The worker says that the task is over. */
  finish(done: TaskDone): void {
    this.#done = done
    this.#settle()
  }

  /** The worker has printed something. `outside` is what of it is not the task's, with whether it came after the task. */
  print(stream: OutputStream, chunk: Buffer, outside: (bytes: Buffer, isAfter: boolean) => void): Promise<void> | undefined {
    const {before, task, after} = this.#marked[stream].take(chunk)
    outside(before, false)
    if (this.#isComplete) {
      outside(after, true)
      return undefined
    }
    const taken = this.#give(stream, task, after)
    this.#settle()
    return taken
  }

  /** The worker's process is over, and with it the turn, whether or not the task was. */
  lose(end: ProcessEnd): void {
    if (this.#isStarted) this.#begin()
    for (const stream of ['stdout', 'stderr'] as const) {
      const {task, after} = this.#marked[stream].finish()
      void this.#give(stream, task, after)
    }
    this.#complete(this.#done === undefined ? end : {reason: 'exited', exitCode: this.#done.exitCode})
  }

  // One that is being ended is over when nothing of it lives any more, which the end of the process tells.
  #settle(): void {
    const exitCode = this.#done?.exitCode
    if (exitCode === undefined || !this.hasBegun || !this.isOver || this.#isEnding || this.#left !== undefined) return
    void this.leftBehind()
      .then(() => this.#complete({reason: 'exited', exitCode}))
      .catch(error => this.break(error))
  }

  #begin(): void {
    if (this.hasBegun) return
    this.#worker.beginTask()
    this.#start.begin(this.#assignment)
  }

  #give(stream: OutputStream, task: Buffer, after: Buffer): Promise<void> | undefined {
    return this.#start.print(this.#assignment, stream, after.length === 0 ? task : Buffer.concat([task, after]))
  }
}
