import type {EnvironmentChanges} from '../model/environment.ts'
import type {ThreadWorker} from '../worker/thread/thread-worker.ts'
import type {WorkerFactory} from './worker-factory.ts'

/**
 * A kind of worker. Tasks of one kind can share a worker at the same time: they have the same PowerShell, the same folder and the same environment at
 * its start.
 */
export interface ThreadKind {
  readonly shell: string
  /** Absolute. All tasks of the process share one current folder. */
  readonly workingDirectory: string
  /** How the environment at the start of PowerShell differs from the step's. */
  readonly atStart: EnvironmentChanges
}

/** The workers that run several tasks at a time: one for each kind, and a new one when it takes no more tasks. */
export class ThreadWorkers {
  readonly #factory: WorkerFactory
  #workers: {readonly worker: ThreadWorker; readonly kind: string}[] = []

  constructor(factory: WorkerFactory) {
    this.#factory = factory
  }

  /** A worker of this kind that can begin a task at once, or one that has just failed to boot, so that a task reports the failure. */
  ready(kind: ThreadKind): ThreadWorker | undefined {
    const key = threadKeyOf(kind)
    return this.#workers.find(each => each.kind === key && each.worker.isReady)?.worker
  }

  /** Starts a worker of this kind, unless one boots or lives. Throws system errors. */
  provide(kind: ThreadKind): void {
    if (this.has(kind)) return
    const {shell, workingDirectory, atStart} = kind
    this.#workers.push({worker: this.#factory.thread(shell, workingDirectory, atStart), kind: threadKeyOf(kind)})
  }

  /** Whether a worker of this kind takes tasks, now or once it has booted. */
  has(kind: ThreadKind): boolean {
    const key = threadKeyOf(kind)
    return this.#current().some(each => each.kind === key && (each.worker.state === 'booting' || each.worker.state === 'open'))
  }

  /** Retires an idle worker to make room. Returns whether there was one. */
  retireIdle(): boolean {
    const idle = this.#current().find(({worker}) => worker.state === 'open' && worker.isIdle)?.worker
    idle?.retire('superseded')
    return idle !== undefined
  }

  /** Whether a retired, idle worker has not ended yet. */
  get hasRetired(): boolean {
    return this.#current().some(({worker}) => worker.state === 'retired' && worker.isIdle)
  }

  /** Kills all workers. Resolves when they are gone. Precondition: none has a task. */
  async close(): Promise<void> {
    const workers = this.#workers.splice(0)
    for (const {worker} of workers) worker.kill()
    await Promise.all(workers.map(({worker}) => worker.completed))
  }

  #current(): readonly {readonly worker: ThreadWorker; readonly kind: string}[] {
    this.#workers = this.#workers.filter(({worker}) => worker.state !== 'ended')
    return this.#workers
  }
}

/** Equal for equal kinds. */
export function threadKeyOf({shell, workingDirectory, atStart}: ThreadKind): string {
  return JSON.stringify(['thread', shell, workingDirectory, [...atStart].toSorted(([a], [b]) => (a < b ? -1 : 1))])
}
