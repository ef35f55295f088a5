import type {Task} from '../task.ts'
import {Standbys} from './standbys.ts'
import {startTimeChanges} from './task-environment.ts'
import type {TaskWorker} from './task-worker.ts'
import {type WarmKind, WarmWorkers} from './warm-workers.ts'
import {WorkerFactory, type WorkerFactoryOptions} from './worker-factory.ts'
import type {EnvironmentChanges} from './worker-protocol.ts'

/** What a supply is made of. */
export interface WorkerSupplyOptions extends WorkerFactoryOptions {
  /** Tasks at a time, from 1. */
  readonly maxParallel: number
}

/** How many processes there may be beyond one for each task that may run at a time. */
const mostAhead = 2

const noChanges: EnvironmentChanges = new Map()

/**
 * Gives each task the worker that it asks for: a process of its own, booted ahead where possible, or a turn at a warm one. There are never more
 * than `maxParallel` + 2 processes.
 */
export class WorkerSupply {
  readonly #factory: WorkerFactory
  readonly #standbys: Standbys
  readonly #warm: WarmWorkers
  readonly #maxParallel: number
  /** Workers that are about to be started, as soon as there is room. */
  #promised = 0

  constructor(options: WorkerSupplyOptions) {
    this.#factory = new WorkerFactory(options)
    this.#standbys = new Standbys(this.#factory)
    this.#warm = new WarmWorkers(this.#factory)
    this.#maxParallel = options.maxParallel
  }

  /** The variables that a worker's environment has only for its start, with what a task is to find instead; null for nothing. */
  get startEnvironment(): EnvironmentChanges {
    return this.#factory.startEnvironment
  }

  /**
   * A worker for this task. `environment` is what the task changes in the step's environment; a task that changes what PowerShell reads only at
   * its start gets a process that is started with it. Rejects with what starting a process throws.
   */
  async take(task: Task, environment: EnvironmentChanges): Promise<TaskWorker> {
    const atStart = startTimeChanges(environment)
    const kind = warmKind(task, atStart)
    if (kind !== undefined) return this.#warm.idle(kind)?.takeTurn() ?? this.#start(() => this.#warm.start(kind).takeTurn())
    const standby = atStart.size === 0 ? this.#standbys.take(task.shell) : undefined
    return standby ?? this.#start(() => this.#factory.single(task.shell, atStart))
  }

  /** Boots workers for these tasks, as far as there are none yet and there is room. */
  prepare(tasks: readonly Task[]): void {
    const room = () => this.#maxParallel + mostAhead - this.#factory.living - this.#promised
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
    await Promise.all([this.#standbys.close(), this.#warm.close()])
  }

  async #start<T>(start: () => T): Promise<T> {
    this.#promised++
    try {
      while (this.#factory.living + this.#promised > this.#maxParallel + mostAhead) {
        const next = this.#warm.nextEnd() ?? (this.#warm.retireIdle() ? this.#warm.nextEnd() : undefined)
        if (next === undefined) break
        await next
      }
      return start()
    } finally {
      this.#promised--
    }
  }
}

function warmKind({isolation, shell}: Task, atStart: EnvironmentChanges): WarmKind | undefined {
  return isolation === 'process' ? undefined : {isolation, shell, atStart}
}
