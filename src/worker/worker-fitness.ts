import type {TaskDone} from './worker-protocol.ts'

/** The reason a warm worker is retired. */
export type RetirementReason =
  /** `max-tasks-per-worker` reached. */
  | 'task-limit'
  /** Growth beyond `growthLimits`. */
  | 'memory'
  | 'threads'
  | 'handles'
  /** A task left processes behind, or something printed after its end. */
  | 'left-processes'
  | 'late-output'
  /** The end mark of a task did not arrive. */
  | 'lost-mark'
  /** State that cannot be restored: the writers of the console were replaced; or the runspace or the folder could not be reset. */
  | 'console-replaced'
  | 'not-tidied'
  /** Output no longer arrives. */
  | 'silenced'
  /** One of its tasks could not be stopped. */
  | 'condemned'
  /** A worker of another kind needs its place. */
  | 'superseded'

/** Reasons that the worker itself reports. */
const reasonsFromWorker: readonly RetirementReason[] = ['console-replaced', 'silenced', 'not-tidied']

/** Growth of a worker: bytes of memory, threads, open handles. */
export interface Growth {
  readonly memory: number
  readonly threads: number
  readonly handles: number
}

/** Growth since its first task that retires a worker. */
export const growthLimits: Growth = {memory: 150 * 1024 * 1024, threads: 100, handles: 500}

/**
 * Limits for a worker that runs several tasks at a time: each of its `slots` adds to them, because each needs memory, threads and handles of its own,
 * and those of tasks that run at the moment count too.
 */
export function threadGrowthLimits(slots: number): Growth {
  return {memory: (256 + 16 * slots) * 1024 * 1024, threads: 100 + 8 * slots, handles: 500 + 32 * slots}
}

/** Decides after each task whether its worker may run another. */
export class WorkerFitness {
  readonly #maxTasks: number
  #tasks = 0
  #first: TaskDone | undefined

  /** `maxTasks`: from 1. */
  constructor(maxTasks: number) {
    this.#maxTasks = maxTasks
  }

  /** Number of finished tasks. */
  get tasks(): number {
    return this.#tasks
  }

  /**
   * Why to retire the worker after this task; `undefined` to keep it. `slots`: number of slots in which it has run tasks; each may run as many tasks
   * as a worker with one slot.
   */
  judge(done: TaskDone, limits: Growth = growthLimits, slots = 1): RetirementReason | undefined {
    this.#tasks++
    this.#first ??= done
    if (done.unfitBecause !== '') return reasonsFromWorker.find(reason => reason === done.unfitBecause) ?? 'not-tidied'
    if (done.workingSet > this.#first.workingSet + limits.memory) return 'memory'
    if (done.threads > this.#first.threads + limits.threads) return 'threads'
    if (done.handles > this.#first.handles + limits.handles) return 'handles'
    return this.#tasks >= this.#maxTasks * slots ? 'task-limit' : undefined
  }
}
