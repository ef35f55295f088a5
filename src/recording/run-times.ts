import type {EventReader} from '../model/event.ts'
import type {WorkerBoot, WorkerWait} from './run-details.ts'

/** Times of a run that its report does not have: when workers booted, and how long attempts waited for them. */
export class RunTimes {
  readonly #boots = new Map<number, {readonly from: number; readonly to: number}>()
  readonly #waitingSince = new Map<number, number>()
  readonly #kept: {boots: WorkerBoot[]; waits: WorkerWait[]} = {boots: [], waits: []}

  /** Boots in the order in which they ended. A worker that ran no attempt is left out, because it was in no slot. */
  get boots(): readonly WorkerBoot[] {
    return this.#kept.boots
  }

  get waits(): readonly WorkerWait[] {
    return this.#kept.waits
  }

  readonly read: EventReader = event => {
    switch (event.type) {
      case 'worker-ready': {
        // The event has no time of its own, but this reader handles it at once.
        const now = Date.now()
        this.#boots.set(event.pid, {from: now - event.bootMs, to: now})
        return
      }
      case 'attempt-waiting':
        this.#waitingSince.set(event.task.index, event.since)
        return
      case 'attempt-started': {
        const {worker, startedAt, pid} = event
        const since = this.#waitingSince.get(event.task.index)
        if (since !== undefined && startedAt > since) this.#kept.waits.push({worker, from: since, to: startedAt})
        this.#waitingSince.delete(event.task.index)
        const boot = pid === undefined ? undefined : this.#boots.get(pid)
        // A warm worker booted once.
        if (pid === undefined || boot === undefined) return
        this.#boots.delete(pid)
        this.#kept.boots.push({worker, ...boot})
        return
      }
      default:
        return
    }
  }
}
