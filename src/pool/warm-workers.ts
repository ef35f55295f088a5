import type {WarmWorker} from './warm-worker.ts'
import type {WarmIsolation} from './worker-command.ts'
import type {WorkerFactory} from './worker-factory.ts'
import type {EnvironmentChanges} from './worker-protocol.ts'

/** What makes one warm worker as good as another for a task: the same isolation, the same PowerShell, started with the same environment. */
export interface WarmKind {
  readonly isolation: WarmIsolation
  readonly shell: string
  /** What is changed in the step's environment for the start of PowerShell. */
  readonly atStart: EnvironmentChanges
}

/** The workers that run task after task. */
export class WarmWorkers {
  readonly #factory: WorkerFactory
  #workers: {readonly worker: WarmWorker; readonly kind: string}[] = []

  constructor(factory: WorkerFactory) {
    this.#factory = factory
  }

  /** How many there are that have not ended, whether or not they take more tasks. */
  get living(): number {
    return this.#current().length
  }

  /** One that waits for a task of this kind, the one that was used last before others; `undefined` if there is none. */
  idle(kind: WarmKind): WarmWorker | undefined {
    const key = keyOf(kind)
    return this.#current().findLast(each => each.kind === key && each.worker.isIdle)?.worker
  }

  /** Boots those that are missing for tasks of these kinds, at most `room`. One that cannot be started is left to the task that needs it to tell. */
  prepare(kinds: readonly WarmKind[], room: number): void {
    const waiting = this.#current().filter(({worker}) => worker.isIdle)
    const missing = kinds.filter(kind => {
      const at = waiting.findIndex(each => each.kind === keyOf(kind))
      return at < 0 || waiting.splice(at, 1).length === 0
    })
    for (const kind of missing.slice(0, Math.max(0, room))) {
      try {
        this.start(kind)
      } catch {
        return
      }
    }
  }

  /** Starts one more. Throws what starting a process throws. */
  start({isolation, shell, atStart}: WarmKind): WarmWorker {
    const worker = this.#factory.warm(isolation, shell, atStart)
    this.#workers.push({worker, kind: keyOf({isolation, shell, atStart})})
    return worker
  }

  /** Retires the one that has waited longest, whatever its kind, in favour of another worker. Tells whether there was one. */
  retireIdle(): boolean {
    const longest = this.#current().find(({worker}) => worker.isIdle)?.worker
    longest?.retire('superseded')
    return longest !== undefined
  }

  /** Resolves when the next one that has been retired has ended; `undefined` if there is none. */
  nextEnd(): Promise<unknown> | undefined {
    const retired = this.#current().filter(({worker}) => worker.state === 'retired')
    return retired.length === 0 ? undefined : Promise.race(retired.map(({worker}) => worker.completed))
  }

  /** Ends them all. Resolves when they are gone. Precondition: none has a task. */
  async close(): Promise<void> {
    const workers = this.#workers.splice(0)
    for (const {worker} of workers) worker.kill()
    await Promise.all(workers.map(({worker}) => worker.completed))
  }

  #current(): readonly {readonly worker: WarmWorker; readonly kind: string}[] {
    this.#workers = this.#workers.filter(({worker}) => worker.state !== 'ended')
    return this.#workers
  }
}

function keyOf({isolation, shell, atStart}: WarmKind): string {
  return JSON.stringify([isolation, shell, [...atStart].toSorted(([a], [b]) => (a < b ? -1 : 1))])
}
