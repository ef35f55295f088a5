import type {EnvironmentChanges} from '../model/environment.ts'
import type {Task} from '../model/task.ts'
import {unreachable} from '../model/unreachable.ts'
import {startTimeChanges} from '../powershell/task-environment.ts'
import type {TaskWorker} from '../worker/task-worker.ts'
import {Standbys} from './standbys.ts'
import {type ThreadKind, ThreadWorkers, threadKeyOf} from './thread-workers.ts'
import {keyOf, type WarmKind, WarmWorkers} from './warm-workers.ts'
import {WorkerFactory, type WorkerFactoryOptions} from './worker-factory.ts'
import {WorkerQueue, type WorkerSource} from './worker-queue.ts'

/** Options and limits of workers. */
export interface WorkerSupplyOptions extends WorkerFactoryOptions {
  /** Tasks at a time, from 1. */
  readonly maxParallel: number
  /** Most workers that boot at once for waiting tasks, from 1. */
  readonly processors: number
  /** Warm workers of each kind that boot for waiting tasks without delay, from 0. */
  readonly minParallel: number
}

/** Most processes beyond `maxParallel`. */
const maxExtraProcesses = 2

/**
 * Time for which a task waits for an existing warm worker before another one boots, in milliseconds. With very short tasks, more workers would cost
 * more than they save.
 */
const scaleUpAfterMs = 150

const noChanges: EnvironmentChanges = new Map()

/**
 * Provides a worker for each task: a process of its own, booted ahead if possible, or a turn at a warm worker. There are never more than
 * `maxParallel` + 2 processes.
 */
export class WorkerSupply {
  readonly #factory: WorkerFactory
  readonly #standbys: Standbys
  readonly #warm: WarmWorkers
  readonly #threads: ThreadWorkers
  readonly #queue = new WorkerQueue()
  readonly #maxParallel: number
  readonly #processors: number
  readonly #fewest: number
  #scaleUpTimer: NodeJS.Timeout | undefined

  constructor(options: WorkerSupplyOptions) {
    this.#factory = new WorkerFactory(options, () => this.#serve())
    this.#standbys = new Standbys(this.#factory)
    this.#warm = new WarmWorkers(this.#factory)
    this.#threads = new ThreadWorkers(this.#factory)
    this.#maxParallel = options.maxParallel
    this.#processors = options.processors
    this.#fewest = Math.max(options.processors, options.minParallel)
  }

  /** Changes that restore the step's own values of the start flags for a task. */
  get startEnvironment(): EnvironmentChanges {
    return this.#factory.startEnvironment
  }

  /**
   * Resolves to a worker for this task, or to `undefined` if `signal` is aborted first. `environment`: how the task's environment differs from the
   * step's. If PowerShell reads one of these variables only at its start, the task gets a process started with them. Rejects with system errors.
   */
  take(task: Task, environment: EnvironmentChanges, signal: AbortSignal): Promise<TaskWorker | undefined> {
    return this.#queue.wait(this.#sourceFor(task, startTimeChanges(environment, task.isolation)), signal)
  }

  #sourceFor(task: Task, atStart: EnvironmentChanges): WorkerSource {
    const {isolation, objects, shell} = task
    switch (isolation) {
      case 'process':
        return {
          key: `${shell} ${objects}`,
          find: () => (atStart.size === 0 ? this.#standbys.take(task) : undefined),
          start: () => (this.#mayStart() ? this.#factory.single(shell, atStart, objects) : undefined)
        }
      case 'thread': {
        const kind = threadKind(task, atStart)
        return {
          key: threadKeyOf(kind),
          find: () => this.#threads.ready(kind)?.takeTurn(),
          start: () => {
            if (!this.#threads.has(kind) && this.#mayStart()) this.#threads.provide(kind)
            return undefined
          }
        }
      }
      case 'runspace':
      case 'none':
        return this.#turns({isolation, shell, atStart}, performance.now())
      default:
        return unreachable(isolation)
    }
  }

  #turns(kind: WarmKind, waitsSince: number): WorkerSource {
    return {
      key: keyOf(kind),
      find: () => this.#warm.ready(kind)?.takeTurn(),
      // Whichever worker is ready first goes to the task that has waited longest.
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

  /** Boots the workers that these tasks lack, within the limits. */
  prepare(tasks: readonly Task[]): void {
    const room = () => this.#maxParallel + maxExtraProcesses - this.#factory.living
    this.#standbys.prepare(
      tasks.filter(task => task.isolation === 'process'),
      room()
    )
    // A busy warm worker will be free by then, so one worker for each slot is enough.
    this.#warm.prepare(
      tasks.flatMap(({isolation, shell}) =>
        isolation === 'runspace' || isolation === 'none' ? {isolation, shell, atStart: noChanges} : []
      ),
      Math.min(room(), this.#maxParallel - this.#warm.living)
    )
    this.#prepareThreads(
      tasks.filter(task => task.isolation === 'thread').map(task => threadKind(task, startTimeChanges(task.env, 'thread'))),
      room
    )
  }

  // If a worker cannot start, the task that needs it reports that.
  #prepareThreads(kinds: readonly ThreadKind[], room: () => number): void {
    for (const kind of kinds) {
      if (room() <= 0) return
      try {
        this.#threads.provide(kind)
      } catch {
        return
      }
    }
  }

  /** Kills idle workers. Resolves when they are gone. Precondition: no task is running. */
  async close(): Promise<void> {
    clearTimeout(this.#scaleUpTimer)
    await Promise.all([this.#standbys.close(), this.#warm.close(), this.#threads.close()])
  }

  // More than one boot for each processor would slow all of them; the first tasks begin sooner if workers boot in turn.
  #mayStart(): boolean {
    if (this.#factory.booting >= this.#processors) return false
    if (this.#factory.living < this.#maxParallel + maxExtraProcesses) return true
    return !(this.#warm.hasRetired || this.#threads.hasRetired || this.#warm.retireIdle() || this.#threads.retireIdle())
  }
}

const threadKind = ({shell, workingDirectory}: Task, atStart: EnvironmentChanges): ThreadKind => ({shell, workingDirectory, atStart})
