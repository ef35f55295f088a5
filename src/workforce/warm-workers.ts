import type {EnvironmentChanges} from '../model/environment.ts'
import type {WarmWorker} from '../worker/warm-worker.ts'
import type {WarmIsolation} from '../worker/worker-command.ts'
import type {WorkerFactory} from './worker-factory.ts'

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
  readonly #lastBootedAt = new Map<string, number>()
  #workers: {readonly worker: WarmWorker; readonly kind: string}[] = []

  constructor(factory: WorkerFactory) {
    this.#factory = factory
  }

  /** How many there are that have not ended, whether or not they take more tasks. */
  get living(): number {
    return this.#current().length
  }

  /** How many there are of this kind that take more tasks, and when the last one had booted, by the clock of `performance.now()`. */
  ofKind(kind: WarmKind): {readonly living: number; readonly booting: number; readonly lastBootedAt: number} {
    const key = keyOf(kind)
    const living = this.#current().filter(({worker, kind}) => kind === key && worker.state !== 'retired')
    const booting = living.filter(({worker}) => worker.state === 'booting')
    return {living: living.length, booting: booting.length, lastBootedAt: this.#lastBootedAt.get(key) ?? 0}
  }

  /**
   * One that can begin a task of this kind at once, the one that was used last before others; or one whose boot has just failed, so that the task
   * is told why. `undefined` if there is neither.
   */
  ready(kind: WarmKind): WarmWorker | undefined {
    const key = keyOf(kind)
    return this.#workers.findLast(each => each.kind === key && each.worker.isReady)?.worker
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
  start({isolation, shell, atStart}: WarmKind): void {
    const worker = this.#factory.warm(isolation, shell, atStart)
    const key = keyOf({isolation, shell, atStart})
    this.#workers.push({worker, kind: key})
    void worker.booted.then(() => this.#lastBootedAt.set(key, performance.now()))
  }

  /** Retires the one that is there longest and has nothing to do, whatever its kind, in favor of another worker. Tells whether there was one. */
  retireIdle(): boolean {
    const idle = this.#current().filter(({worker}) => worker.isIdle)
    // One that boots is most likely waited for.
    const longest = (idle.find(({worker}) => worker.state === 'idle') ?? idle[0])?.worker
    longest?.retire('superseded')
    return longest !== undefined
  }

  /** Whether one has been retired that has not ended yet. */
  get hasRetired(): boolean {
    return this.#current().some(({worker}) => worker.state === 'retired')
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

/** The same for the kinds whose workers are as good as each other. */
export function keyOf({isolation, shell, atStart}: WarmKind): string {
  return JSON.stringify([isolation, shell, [...atStart].toSorted(([a], [b]) => (a < b ? -1 : 1))])
}
