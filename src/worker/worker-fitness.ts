import type {TaskDone} from './worker-protocol.ts'

/** Why a warm worker takes no more tasks. */
export type RetirementReason =
  /** It has run as many as it may. */
  | 'task-limit'
  /** It has grown by more than `growthLimits`. */
  | 'memory'
  | 'threads'
  | 'handles'
  /** A task left processes behind, or they wrote something after its end. */
  | 'left-processes'
  | 'late-output'
  /** The end of a task's output did not come. */
  | 'lost-mark'
  /** What cannot be put back: another writer for the console; a runspace that could not be tidied up or reset, or a folder that could not be emptied. */
  | 'console-replaced'
  | 'not-tidied'
  /** What is printed does not arrive any more. */
  | 'silenced'
  /** Its place is needed for a worker of another kind. */
  | 'superseded'

/** Why a worker says itself that it is unfit. */
const reasonsFromWorker: readonly RetirementReason[] = ['console-replaced', 'silenced', 'not-tidied']

/** What a worker may have more than after its first task: bytes of memory, threads, and open handles. */
export const growthLimits = {memory: 150 * 1024 * 1024, threads: 100, handles: 500} as const

/** Judges after each task whether its worker may run another one. */
export class WorkerFitness {
  readonly #maxTasks: number
  #tasks = 0
  #first: TaskDone | undefined

  /** `maxTasks`: from 1. */
  constructor(maxTasks: number) {
    this.#maxTasks = maxTasks
  }

  /** Tasks that it has run to their end. */
  get tasks(): number {
    return this.#tasks
  }

  /** Why the worker may run no other task after this one, or `undefined`. */
  judge(done: TaskDone): RetirementReason | undefined {
    this.#tasks++
    this.#first ??= done
    if (done.unfitBecause !== '') return reasonsFromWorker.find(reason => reason === done.unfitBecause) ?? 'not-tidied'
    if (done.workingSet > this.#first.workingSet + growthLimits.memory) return 'memory'
    if (done.threads > this.#first.threads + growthLimits.threads) return 'threads'
    if (done.handles > this.#first.handles + growthLimits.handles) return 'handles'
    return this.#tasks >= this.#maxTasks ? 'task-limit' : undefined
  }
}
