import {randomBytes} from 'node:crypto'
import type {LeftProcess} from '../model/event.ts'
import type {OutputStream} from '../model/output-listener.ts'
import type {ProcessEnd} from '../model/process-end.ts'
import {eventLoopTurn} from '../system/event-loop.ts'
import {MarkedOutput} from './marked-output.ts'
import {TaskStart} from './task-start.ts'
import type {Assignment, TaskWorker} from './task-worker.ts'
import type {WorkerFolder} from './worker-folder.ts'
import {brokenEnd} from './worker-process.ts'
import type {TaskDone} from './worker-protocol.ts'

/** The part of a warm worker that a turn uses. */
export interface TurnWorker {
  readonly pid: number | undefined
  readonly folder: WorkerFolder
  /** Output before the task, or between tasks. */
  readonly bootOutput: string
  /** `true` if it was ended because `setup-timeout` was over. */
  readonly setupTimedOut: boolean
  /** Handles an exception that concerns this worker: it takes no more tasks and is killed. */
  fail(error: unknown): void
  /** Accepts the assignment of the turn, which is sent as soon as the worker is ready. */
  hand(assignment: Assignment, nonce: string): void
  /** Called when the task begins; the output before it is complete. */
  beginTask(): void
  end(): void
  kill(): void
  /** Gives leftover processes of the task a second, then ends them and the worker. Resolves to the ended processes. */
  endLeftBehind(): Promise<readonly LeftProcess[]>
  /** Ends the turn. */
  takeBack(): Promise<void>
}

/**
 * One task's turn at a warm worker. It is over when the worker has reported the end, both streams have been read up to the end mark, and no process
 * of the task is alive: only then can no other output be mistaken for that of the task.
 */
export class WarmTurn implements TaskWorker {
  readonly completed: Promise<ProcessEnd>
  /** Not known: setup may run again after the worker gets its task. */
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

  /** Called when the worker could not prepare for this task; it ends. */
  refuse(because: string): void {
    this.#refusal = because
  }

  /** Handles an unexpected exception: the turn and its worker end. */
  break(error: unknown): void {
    this.#worker.fail(error)
    this.#complete(brokenEnd(error))
  }

  /** `true` once the worker has finished the task and both end marks have been read. */
  get isOver(): boolean {
    return this.#done !== undefined && this.#marked.stdout.isOver && this.#marked.stderr.isOver
  }

  /** Whether a process exists that did not when the task began; `undefined` if the worker does not know. */
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

  /** Always `undefined`: leftover processes are ended before the turn is over. */
  readonly leftOutput = undefined

  leftBehind(): Promise<readonly LeftProcess[]> {
    this.#left ??= this.#worker.endLeftBehind()
    return this.#left
  }

  async release(): Promise<void> {
    await this.#worker.takeBack()
  }

  /** Handles `started`. */
  begin(): void {
    this.#isStarted = true
    // Earlier output may arrive after the message.
    void eventLoopTurn()
      .then(() => {
        this.#begin()
        this.#settle()
      })
      .catch(error => this.break(error))
  }

  /** Handles `done`. */
  finish(done: TaskDone): void {
    this.#done = done
    this.#settle()
  }

  /** Handles output. `outside` receives output that does not belong to the task, and whether it came after the task. */
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

  /** Handles the end of the worker's process, which ends the turn. */
  lose(end: ProcessEnd): void {
    if (this.#isStarted) this.#begin()
    for (const stream of ['stdout', 'stderr'] as const) {
      const {task, after} = this.#marked[stream].finish()
      void this.#give(stream, task, after)
    }
    this.#complete(this.#done === undefined ? end : endOf(this.#done))
  }

  // A turn that is being ended is over only when the process ends.
  #settle(): void {
    const done = this.#done
    if (done === undefined || !this.hasBegun || !this.isOver || this.#isEnding || this.#left !== undefined) return
    this.#assignment?.onOver()
    void this.leftBehind()
      .then(() => this.#complete(endOf(done)))
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

// A task that an error of PowerShell ends always has exit code 1.
function endOf({exitCode, error}: TaskDone): ProcessEnd {
  return exitCode === 1 && error !== undefined ? {reason: 'exited', exitCode, error} : {reason: 'exited', exitCode}
}
