import type {EnvironmentChanges} from '../model/environment.ts'
import type {WarmWorker} from '../worker/warm-worker.ts'
import type {WarmIsolation} from '../worker/worker-command.ts'
import type {WorkerFactory} from './worker-factory.ts'

/**
 * A kind of worker. Tasks of one kind can share warm workers: they have the same isolation, the same PowerShell and the same environment at its
 * start.
 */
export interface WarmKind {
  readonly isolation: WarmIsolation
  readonly shell: string
  /** How the environment at the start of PowerShell differs from the step's. */
  readonly atStart: EnvironmentChanges
}

/** The warm workers of a run. */
export class WarmWorkers {
  readonly #factory: WorkerFactory
  readonly #lastBootedAt = new Map<string, number>()
  #workers: {readonly worker: WarmWorker; readonly kind: string}[] = []

  constructor(factory: WorkerFactory) {
    this.#factory = factory
  }

  /** Workers that have not ended, retired ones included. */
  get living(): number {
    return this.#current().length
  }

  /** Number of workers of a kind that take more tasks, and when the last one had booted, by `performance.now()`. */
  ofKind(kind: WarmKind): {readonly living: number; readonly booting: number; readonly lastBootedAt: number} {
    const key = keyOf(kind)
    const living = this.#current().filter(({worker, kind}) => kind === key && worker.state !== 'retired')
    const booting = living.filter(({worker}) => worker.state === 'booting')
    return {living: living.length, booting: booting.length, lastBootedAt: this.#lastBootedAt.get(key) ?? 0}
  }

  /**
   * A worker of this kind that can begin a task at once, the most recently used first, or one that has just failed to boot, so that a task reports
   * the failure. `undefined` for neither.
   */
  ready(kind: WarmKind): WarmWorker | undefined {
    const key = keyOf(kind)
    return this.#workers.findLast(each => each.kind === key && each.worker.isReady)?.worker
  }

  /** Boots the missing workers for these kinds, at most `room`. If a worker cannot start, the task that needs it reports that. */
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

  /** Starts one worker. Throws system errors. */
  start({isolation, shell, atStart}: WarmKind): void {
    const worker = this.#factory.warm(isolation, shell, atStart)
    const key = keyOf({isolation, shell, atStart})
    this.#workers.push({worker, kind: key})
    void worker.booted.then(() => this.#lastBootedAt.set(key, performance.now()))
  }

  /** Retires the oldest idle worker, of any kind, to make room. Returns whether there was one. */
  retireIdle(): boolean {
    const idle = this.#current().filter(({worker}) => worker.isIdle)
    // A booting worker is probably awaited.
    const longest = (idle.find(({worker}) => worker.state === 'idle') ?? idle[0])?.worker
    longest?.retire('superseded')
    return longest !== undefined
  }

  /** Whether a retired worker has not ended yet. */
  get hasRetired(): boolean {
    return this.#current().some(({worker}) => worker.state === 'retired')
  }

  /** Kills all workers. Resolves when they are gone. Precondition: none has a task. */
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

/** Equal for equal kinds. */
export function keyOf({isolation, shell, atStart}: WarmKind): string {
  return JSON.stringify([isolation, shell, [...atStart].toSorted(([a], [b]) => (a < b ? -1 : 1))])
}
