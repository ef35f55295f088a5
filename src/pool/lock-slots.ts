/** The slots of one lock, numbered from 0: one for each task that may hold the lock at a time. */
export class LockSlots {
  readonly #room: number
  /** For each slot, whether a task has it. Only as long as the highest number of slots in use so far. */
  readonly #isTaken: boolean[] = []
  #taken = 0

  /** `room`: from 1. */
  constructor(room: number) {
    this.#room = room
  }

  get isFull(): boolean {
    return this.#taken >= this.#room
  }

  /** Takes the lowest free slot. Precondition: one is free. */
  take(): number {
    const free = this.#isTaken.indexOf(false)
    const slot = free < 0 ? this.#isTaken.length : free
    this.#isTaken[slot] = true
    this.#taken++
    return slot
  }

  /** Frees a taken slot. */
  free(slot: number): void {
    this.#isTaken[slot] = false
    this.#taken--
  }
}
