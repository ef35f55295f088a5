import type {PoolEvent} from '../model/event.ts'
import type {Task} from '../model/task.ts'

/** Tells what is to be said of processes that could not be ended. It has to be told all that the pool tells. */
export class NotEnded {
  /** The processes of tasks that run. */
  readonly #pids = new Map<Task, number>()

  /** The warning that an event is worth, if any. */
  textOf(event: PoolEvent): string | undefined {
    switch (event.type) {
      case 'attempt-started':
        if (event.pid !== undefined) this.#pids.set(event.task, event.pid)
        return undefined
      case 'attempt-ended':
        this.#pids.delete(event.task)
        return undefined
      case 'process-not-ended': {
        const [task] = [...this.#pids].find(([, pid]) => pid === event.pid) ?? []
        const whose = task === undefined ? '' : ` of ${task.name}`
        return `The process ${event.pid}${whose} could not be ended: it may still be running, or what it has started`
      }
      default:
        return undefined
    }
  }
}
