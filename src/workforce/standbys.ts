import type {EnvironmentChanges} from '../model/environment.ts'
import type {Task} from '../model/task.ts'
import type {Worker} from '../worker/worker.ts'
import type {WorkerFactory} from './worker-factory.ts'

const noChanges: EnvironmentChanges = new Map()

/** What a standby depends on. */
type StandbyTask = Pick<Task, 'shell' | 'objects'>

const kindOf = ({shell, objects}: StandbyTask): string => `${shell} ${objects}`

/** Workers for one task each, booted ahead of the tasks that will need them. */
export class Standbys {
  readonly #factory: WorkerFactory
  #booted: {readonly worker: Worker; readonly kind: string}[] = []

  constructor(factory: WorkerFactory) {
    this.#factory = factory
  }

  /** Takes a standby that can run this task, or `undefined`. */
  take(task: StandbyTask): Worker | undefined {
    const kind = kindOf(task)
    const standby = this.#booted.find(each => each.kind === kind && each.worker.state !== 'ended')
    this.#booted = this.#booted.filter(each => each !== standby)
    return standby?.worker
  }

  /** Boots the missing standbys for these tasks, at most `room`. If one cannot start, the task that needs it reports that. */
  prepare(tasks: readonly Task[], room: number): void {
    this.#booted = this.#booted.filter(({worker}) => worker.state !== 'ended')
    const missing: StandbyTask[] = [...tasks]
    for (const {kind} of this.#booted) {
      const at = missing.findIndex(task => kindOf(task) === kind)
      if (at >= 0) missing.splice(at, 1)
    }
    for (const task of missing.slice(0, Math.max(0, Math.min(room, tasks.length - this.#booted.length)))) {
      try {
        this.#booted.push({kind: kindOf(task), worker: this.#factory.single(task.shell, noChanges, task.objects)})
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
