import type {EnvironmentChanges} from '../model/environment.ts'
import type {Task} from '../model/task.ts'
import {startTimeChanges} from '../powershell/task-environment.ts'
import type {TaskWorker} from '../worker/task-worker.ts'
import {Standbys} from './standbys.ts'
import {keyOf, type WarmKind, WarmWorkers} from './warm-workers.ts'
import {WorkerFactory, type WorkerFactoryOptions} from './worker-factory.ts'
import {WorkerQueue, type WorkerSource} from './worker-queue.ts'

/** Limits on how many workers there are, besides what each is made of. */
export interface WorkerSupplyOptions extends WorkerFactoryOptions {
  /** Tasks at a time, from 1. */
  readonly maxParallel: number
  /** From 1: as many workers boot at once for tasks that wait for them. */
  readonly processors: number
  /** From 0: so many warm workers of a kind are booted for tasks that wait, however short their wait is. */
  readonly minParallel: number
}

/** How many processes there may be beyond one for each task that may run at a time. */
const maxExtraProcesses = 2

/**
 * How long a task waits for its turn at one of the warm workers that there are before one more is booted, in milliseconds. Where tasks are so short
 * that nobody waits for long, more workers would cost more than they give.
 */
const scaleUpAfterMs = 150

const noChanges: EnvironmentChanges = new Map()

/**
 * Gives each task the worker that it asks for: a process of its own, booted ahead where possible, or a turn at a warm one. There are never more
 * than `maxParallel` + 2 processes.
 */
export class WorkerSupply {
  readonly #factory: WorkerFactory
  readonly #standbys: Standbys
  readonly #warm: WarmWorkers
  readonly #queue = new WorkerQueue()
  readonly #maxParallel: number
  readonly #processors: number
  readonly #fewest: number
  #scaleUpTimer: NodeJS.Timeout | undefined

  constructor(options: WorkerSupplyOptions) {
    this.#factory = new WorkerFactory(options, () => this.#serve())
    this.#standbys = new Standbys(this.#factory)
    this.#warm = new WarmWorkers(this.#factory)
    this.#maxParallel = options.maxParallel
    this.#processors = options.processors
    this.#fewest = Math.max(options.processors, options.minParallel)
  }

  /** The variables that a worker's environment has only for its start, with what a task is to find instead; null for nothing. */
  get startEnvironment(): EnvironmentChanges {
    return this.#factory.startEnvironment
  }

  /**
   * A worker for this task. `environment` is what the task changes in the step's environment; a task that changes what PowerShell reads only at
   * its start gets a process that is started with it. `undefined` if `signal` is aborted before there is one. Rejects with what starting a process
   * throws.
   */
  take(task: Task, environment: EnvironmentChanges, signal: AbortSignal): Promise<TaskWorker | undefined> {
    const atStart = startTimeChanges(environment)
    const kind = warmKind(task, atStart)
    const source: WorkerSource =
      kind === undefined
        ? {
            key: task.shell,
            find: () => (atStart.size === 0 ? this.#standbys.take(task.shell) : undefined),
            start: () => (this.#mayStart() ? this.#factory.single(task.shell, atStart) : undefined)
          }
        : this.#turns(kind, performance.now())
    return this.#queue.wait(source, signal)
  }

  #turns(kind: WarmKind, waitsSince: number): WorkerSource {
    return {
      key: keyOf(kind),
      find: () => this.#warm.ready(kind)?.takeTurn(),
      // Whoever waits longest takes it when it has booted, or another one that is ready before.
      start: ahead => {
        if (this.#needsOneMore(kind, waitsSince, ahead) && this.#mayStart()) this.#warm.start(kind)
        return undefined
      }
    }
  }

  #needsOneMore(kind: WarmKind, waitsSince: number, ahead: number): boolean {
    const {living, booting, lastBootedAt} = this.#warm.ofKind(kind)
    if (booting > ahead) return false
    if (living < this.#fewest) return true
    const left = Math.max(waitsSince, lastBootedAt) + scaleUpAfterMs - performance.now()
    if (left > 0) this.#scaleUpTimer ??= setTimeout(() => this.#serve(), left)
    return left <= 0
  }

  #serve(): void {
    clearTimeout(this.#scaleUpTimer)
    this.#scaleUpTimer = undefined
    this.#queue.serve()
  }

  /** Boots workers for these tasks, as far as there are none yet and there is room. */
  prepare(tasks: readonly Task[]): void {
    const room = () => this.#maxParallel + maxExtraProcesses - this.#factory.living
    this.#standbys.prepare(
      tasks.filter(task => task.isolation === 'process'),
      room()
    )
    // A warm one that is busy now will be free by then: as many as there are tasks at a time are enough.
    this.#warm.prepare(
      tasks.flatMap(task => warmKind(task, noChanges) ?? []),
      Math.min(room(), this.#maxParallel - this.#warm.living)
    )
  }

  /** Ends the workers that have no task. Resolves when they are gone. Precondition: no task is running. */
  async close(): Promise<void> {
    clearTimeout(this.#scaleUpTimer)
    await Promise.all([this.#standbys.close(), this.#warm.close()])
  }

  // More than one for each processor would only make each other slow: the first tasks begin sooner when they boot one after another.
  #mayStart(): boolean {
    if (this.#factory.booting >= this.#processors) return false
    return this.#factory.living < this.#maxParallel + maxExtraProcesses || !(this.#warm.hasRetired || this.#warm.retireIdle())
  }
}

function warmKind({isolation, shell}: Task, atStart: EnvironmentChanges): WarmKind | undefined {
  return isolation === 'process' ? undefined : {isolation, shell, atStart}
}
