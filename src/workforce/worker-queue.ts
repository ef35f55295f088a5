import type {TaskWorker} from '../worker/task-worker.ts'

/** The ways for one task to get a worker. */
export interface WorkerSource {
  /** Equal for tasks that can use the same workers. */
  readonly key: string
  /** Returns an idle worker, if any. */
  readonly find: () => TaskWorker | undefined
  /**
   * Starts a new worker; `undefined` if none may start now, or if `find` will return it later. `ahead`: number of tasks with the same `key` that have
   * waited longer. Throws system errors.
   */
  readonly start: (ahead: number) => TaskWorker | undefined
}

interface WaitingTask {
  readonly source: WorkerSource
  readonly give: (worker: TaskWorker | undefined) => void
  readonly fail: (error: unknown) => void
  readonly stopListening: () => void
}

/** Tasks that wait for a worker; first come, first served. */
export class WorkerQueue {
  #waiting: readonly WaitingTask[] = []

  /** Resolves to a worker as soon as there is one, or to `undefined` if `signal` is aborted first. Rejects with system errors. */
  wait(source: WorkerSource, signal: AbortSignal): Promise<TaskWorker | undefined> {
    // The usual case: no task waits, and the worker of the previous task is free.
    const idle = this.#waiting.length === 0 && !signal.aborted ? find(source) : undefined
    if (idle !== undefined) return idle
    return new Promise((resolve, reject) => {
      const leave = () => this.#settle(waiting, () => resolve(undefined))
      const waiting: WaitingTask = {source, give: resolve, fail: reject, stopListening: () => signal.removeEventListener('abort', leave)}
      this.#waiting = [...this.#waiting, waiting]
      signal.addEventListener('abort', leave)
      if (signal.aborted) leave()
      else this.serve()
    })
  }

  /** Call whenever a worker may be available. */
  serve(): void {
    // Idle workers are used before any is started or retired.
    for (const waiting of this.#waiting) this.#serve(waiting, () => waiting.source.find())
    const ahead = new Map<string, number>()
    for (const waiting of this.#waiting) {
      const {key} = waiting.source
      const before = ahead.get(key) ?? 0
      ahead.set(key, before + 1)
      this.#serve(waiting, () => waiting.source.start(before))
    }
  }

  #serve(waiting: WaitingTask, provide: () => TaskWorker | undefined): void {
    try {
      const worker = provide()
      if (worker !== undefined) this.#settle(waiting, () => waiting.give(worker))
    } catch (error) {
      this.#settle(waiting, () => waiting.fail(error))
    }
  }

  #settle(waiting: WaitingTask, settle: () => void): void {
    this.#waiting = this.#waiting.filter(each => each !== waiting)
    waiting.stopListening()
    settle()
  }
}

/** An idle worker, or the error of the search; `undefined` if there is no idle worker yet. */
function find(source: WorkerSource): Promise<TaskWorker> | undefined {
  try {
    const worker = source.find()
    return worker && Promise.resolve(worker)
  } catch (error) {
    return Promise.reject(error)
  }
}
