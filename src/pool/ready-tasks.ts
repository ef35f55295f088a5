import TinyQueue from 'tinyqueue'
import type {Lock} from '../model/task.ts'
import {LockSlots} from './lock-slots.ts'

/** A heap of tasks by index, with the first in declared order on top. */
type Heap = TinyQueue<number>

/** A line of ready tasks with the same locks; all but the first wait for the first. */
interface Line {
  readonly locks: readonly Lock[]
  readonly tasks: Heap
  /** The task that represents the line in a heap; `undefined` while it is empty. */
  head: number | undefined
  /** Name of the full lock that it waits for; `undefined` for open lines. */
  waitsFor: string | undefined
  /** Name of the lock whose free slot made it an open line. */
  wokenBy: string | undefined
}

/** A task that may start. */
export interface ClaimedTask {
  readonly index: number
  /** The slot that it has in each of its locks, from 0. */
  readonly lockSlots: ReadonlyMap<Lock, number>
}

/**
 * Ready tasks, and the slots of their locks. A task gets all its locks at once or none, so tasks cannot deadlock. Finding the next task takes at most
 * as many steps as there are distinct sets of locks.
 */
export class ReadyTasks {
  readonly #lines = new Map<string, Line>()
  /** The line of each task, by index. */
  readonly #lineOf: (Line | undefined)[] = []
  /** The heads of open lines: those that wait for no lock, as far as known. */
  readonly #open: Heap = new TinyQueue()
  /** For each lock, the heads of the lines that wait for it. While the lock has a free slot, the first of these lines is open. */
  readonly #waiting = new Map<string, Heap>()
  /** The slots of each lock, by name. */
  readonly #slots = new Map<string, LockSlots>()
  /** The locks of claimed tasks that have not released them, by index. */
  readonly #held = new Map<number, ReadonlyMap<Lock, number>>()
  readonly #ready = new Set<number>()
  /** All ready tasks; may contain tasks that are no longer ready. */
  readonly #all: Heap = new TinyQueue()

  /** Adds a task that is not ready yet. `locks`: the same at each call for one task. */
  add(index: number, locks: readonly Lock[]): void {
    const line = this.#lineOf[index] ?? this.#line(locks)
    this.#lineOf[index] = line
    this.#ready.add(index)
    this.#all.push(index)
    line.tasks.push(index)
    if (line.head !== undefined && line.head < index) return
    // The line that was opened for a free slot may come later in the order.
    if (line.waitsFor !== undefined && !this.#isFull(line.waitsFor)) {
      line.wokenBy = line.waitsFor
      line.waitsFor = undefined
    }
    this.#place(line, index)
  }

  /** Removes a task that will not start. */
  delete(index: number): void {
    this.#ready.delete(index)
  }

  /** Takes the first task whose locks all have a free slot, and takes the lowest free slot of each; `undefined` if there is none. */
  claim(): ClaimedTask | undefined {
    for (let head = this.#open.pop(); head !== undefined; head = this.#open.pop()) {
      const line = this.#lineOf[head]
      // A stale entry: the line has an earlier head or waits now, so it is in another heap.
      if (line === undefined || line.head !== head || line.waitsFor !== undefined) continue
      const first = this.#firstOf(line)
      if (first !== head) {
        this.#place(line, first)
        // Another line may come before the next task of this one.
        if (line.wokenBy !== undefined) this.#wakeFor(line.wokenBy)
        continue
      }
      const full = line.locks.find(({name}) => this.#isFull(name))
      if (full === undefined) return this.#take(line, head)
      const {wokenBy} = line
      line.waitsFor = full.name
      line.wokenBy = undefined
      this.#place(line, head)
      if (wokenBy !== undefined) this.#wakeFor(wokenBy)
    }
    return undefined
  }

  /** Frees the locks of a claimed task. */
  release(index: number): void {
    for (const [{name}, slot] of this.#held.get(index) ?? []) {
      this.#slots.get(name)?.free(slot)
      this.#wakeFor(name)
    }
    this.#held.delete(index)
  }

  /** The first ready tasks in declared order, whether or not their locks are free; at most `count`. */
  first(count: number): readonly number[] {
    const found = new Set<number>()
    while (found.size < count) {
      const index = this.#all.pop()
      if (index === undefined) break
      if (this.#ready.has(index)) found.add(index)
    }
    for (const index of found) this.#all.push(index)
    return [...found]
  }

  #take(line: Line, index: number): ClaimedTask {
    line.tasks.pop()
    this.#ready.delete(index)
    const lockSlots = new Map(line.locks.map(lock => [lock, this.#slotsOf(lock).take()] as const))
    if (lockSlots.size > 0) this.#held.set(index, lockSlots)
    const {wokenBy} = line
    line.wokenBy = undefined
    this.#place(line, this.#firstOf(line))
    // The lock may have another free slot.
    if (wokenBy !== undefined) this.#wakeFor(wokenBy)
    return {index, lockSlots}
  }

  /** The first task of a line that is still ready. */
  #firstOf({tasks}: Line): number | undefined {
    for (let first = tasks.peek(); first !== undefined; first = tasks.peek()) {
      if (this.#ready.has(first)) return first
      tasks.pop()
    }
    return undefined
  }

  /** Puts a line into the heap where it belongs, under `head`; its stale entries are skipped later. */
  #place(line: Line, head: number | undefined): void {
    const {wokenBy} = line
    line.head = head
    if (head === undefined) {
      line.wokenBy = undefined
      if (wokenBy !== undefined) this.#wakeFor(wokenBy)
    } else if (line.waitsFor === undefined) this.#open.push(head)
    else this.#waitingFor(line.waitsFor).push(head)
  }

  // Opening one line is enough: it takes the slot or opens the next line, and opens another one if more slots are free.
  #wakeFor(lock: string): void {
    const waiting = this.#waiting.get(lock)
    if (waiting === undefined || this.#isFull(lock)) return
    for (let head = waiting.pop(); head !== undefined; head = waiting.pop()) {
      const line = this.#lineOf[head]
      if (line === undefined || line.head !== head || line.waitsFor !== lock) continue
      line.waitsFor = undefined
      line.wokenBy = lock
      this.#open.push(head)
      return
    }
  }

  #waitingFor(lock: string): Heap {
    const known = this.#waiting.get(lock)
    if (known !== undefined) return known
    const fresh: Heap = new TinyQueue()
    this.#waiting.set(lock, fresh)
    return fresh
  }

  #isFull(lock: string): boolean {
    return this.#slots.get(lock)?.isFull === true
  }

  #slotsOf({name, room}: Lock): LockSlots {
    const known = this.#slots.get(name)
    if (known !== undefined) return known
    const fresh = new LockSlots(room)
    this.#slots.set(name, fresh)
    return fresh
  }

  #line(locks: readonly Lock[]): Line {
    const key = JSON.stringify(locks.map(({name}) => name).toSorted())
    const line = this.#lines.get(key) ?? {locks, tasks: new TinyQueue<number>(), head: undefined, waitsFor: undefined, wokenBy: undefined}
    this.#lines.set(key, line)
    return line
  }
}
