import type {PoolEvent} from '../model/event.ts'
import type {Task} from '../model/task.ts'

/** Makes warnings about processes that could not be ended. Needs every event of the run. */
export class NotEnded {
  /** Pids of running tasks. */
  readonly #pids = new Map<Task, number>()

  /** The warning for an event, if any. */
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
