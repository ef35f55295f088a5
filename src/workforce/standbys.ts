import type {EnvironmentChanges} from '../model/environment.ts'
import type {Task} from '../model/task.ts'
import type {Worker} from '../worker/worker.ts'
import type {WorkerFactory} from './worker-factory.ts'

const noChanges: EnvironmentChanges = new Map()

/** Workers for one task each, booted ahead of the tasks that will need them. */
export class Standbys {
  readonly #factory: WorkerFactory
  #booted: {readonly worker: Worker; readonly shell: string}[] = []

  constructor(factory: WorkerFactory) {
    this.#factory = factory
  }

  /** Takes a standby for this shell, or `undefined`. */
  take(shell: string): Worker | undefined {
    const standby = this.#booted.find(each => each.shell === shell && each.worker.state !== 'ended')
    this.#booted = this.#booted.filter(each => each !== standby)
    return standby?.worker
  }

  /** Boots the missing standbys for these tasks, at most `room`. If one cannot start, the task that needs it reports that. */
  prepare(tasks: readonly Task[], room: number): void {
    this.#booted = this.#booted.filter(({worker}) => worker.state !== 'ended')
    const missing = tasks.map(({shell}) => shell)
    for (const {shell} of this.#booted) {
      const at = missing.indexOf(shell)
      if (at >= 0) missing.splice(at, 1)
    }
    for (const shell of missing.slice(0, Math.max(0, Math.min(room, tasks.length - this.#booted.length)))) {
      try {
        this.#booted.push({shell, worker: this.#factory.single(shell, noChanges)})
      } catch {
        return
      }
    }
  }

  /** Kills all standbys. Resolves when they are gone. */
  async close(): Promise<void> {
    const standbys = this.#booted.splice(0)
    for (const {worker} of standbys) worker.kill()
    await Promise.all(
      standbys.map(async ({worker}) => {
        await worker.completed
        await worker.release()
      })
    )
  }
}
