import type {TaskWorker} from '../worker/task-worker.ts'

/** Where the worker of one task can come from. */
export interface WorkerSource {
  /** The same for tasks that can take each other's workers. */
  readonly key: string
  /** One that is there and has nothing to do. */
  readonly find: () => TaskWorker | undefined
  /**
   * A new one; `undefined` while none may be started, and where it is to be found later. `ahead`: how many wait longer for one of the same `key`.
   * Throws what starting a process throws.
   */
  readonly start: (ahead: number) => TaskWorker | undefined
}

interface WaitingTask {
  readonly source: WorkerSource
  readonly give: (worker: TaskWorker | undefined) => void
  readonly fail: (error: unknown) => void
  readonly stopListening: () => void
}

/** Tasks that wait for a worker, first come first served. */
export class WorkerQueue {
  #waiting: readonly WaitingTask[] = []

  /** A worker, as soon as there is one; `undefined` if `signal` is aborted before. Rejects with what starting a process throws. */
  wait(source: WorkerSource, signal: AbortSignal): Promise<TaskWorker | undefined> {
    return new Promise((resolve, reject) => {
      const leave = () => this.#settle(waiting, () => resolve(undefined))
      const waiting: WaitingTask = {source, give: resolve, fail: reject, stopListening: () => signal.removeEventListener('abort', leave)}
      this.#waiting = [...this.#waiting, waiting]
      signal.addEventListener('abort', leave)
      if (signal.aborted) leave()
      else this.serve()
    })
  }

  /** To be called whenever there may be a worker for somebody who had to wait. */
  serve(): void {
    // Nothing is started, or ended for it, as long as anybody can be served without.
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
