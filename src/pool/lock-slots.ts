/** The slots of one lock: as many as it has room for, numbered from 0. */
export class LockSlots {
  readonly #room: number
  /** By slot: whether a task has it. No longer than as many as were ever taken at a time. */
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
