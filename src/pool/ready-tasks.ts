import TinyQueue from 'tinyqueue'

/** A heap of tasks by index, the first in declared order on top. */
type Heap = TinyQueue<number>

/** Ready tasks with the same locks: all but the first wait for the first. */
interface Line {
  readonly locks: readonly string[]
  readonly tasks: Heap
  /** The task that represents the line in a heap; `undefined` while it is empty. */
  head: number | undefined
  /** The lock it waits for; `undefined` among the open lines. */
  waitsFor: string | undefined
  /** The lock whose release moved it among the open lines. */
  wokenBy: string | undefined
}

/** Ready tasks and held locks. Finding the next task takes at worst as many steps as there are distinct sets of locks, not tasks. */
export class ReadyTasks {
  readonly #lines = new Map<string, Line>()
  /** By task. */
  readonly #lineOf: (Line | undefined)[] = []
  /** Heads of lines that wait for no lock, as far as known. */
  readonly #open: Heap = new TinyQueue()
  /** By lock: heads of lines that wait for it. While the lock is free, the first of them is among the open ones. */
  readonly #waiting = new Map<string, Heap>()
  readonly #heldLocks = new Set<string>()
  readonly #ready = new Set<number>()
  /** All ready tasks; may contain others that no longer are. */
  readonly #all: Heap = new TinyQueue()

  /** `index`: of a task that is not ready. `locks`: the same each time. */
  add(index: number, locks: readonly string[]): void {
    const line = this.#lineOf[index] ?? this.#line(locks)
    this.#lineOf[index] = line
    this.#ready.add(index)
    this.#all.push(index)
    line.tasks.push(index)
    if (line.head !== undefined && line.head < index) return
    // The line that was woken for a free lock may come after it.
    if (line.waitsFor !== undefined && !this.#heldLocks.has(line.waitsFor)) {
      line.wokenBy = line.waitsFor
      line.waitsFor = undefined
    }
    this.#place(line, index)
  }

  /** Removes a task that will not start. */
  delete(index: number): void {
    this.#ready.delete(index)
  }

  /** Takes the first task whose locks are free, and holds them; `undefined` if there is none. */
  claim(): number | undefined {
    for (let head = this.#open.pop(); head !== undefined; head = this.#open.pop()) {
      const line = this.#lineOf[head]
      // The line has an earlier head, or waits by now, so it is in another heap.
      if (line === undefined || line.head !== head || line.waitsFor !== undefined) continue
      const first = this.#firstOf(line)
      if (first !== head) {
        this.#place(line, first)
        continue
      }
      const held = line.locks.find(lock => this.#heldLocks.has(lock))
      if (held === undefined) return this.#take(line, head)
      const {wokenBy} = line
      line.waitsFor = held
      line.wokenBy = undefined
      this.#place(line, head)
      if (wokenBy !== undefined) this.#wakeFor(wokenBy)
    }
    return undefined
  }

  /** Frees locks that a claimed task holds. */
  release(locks: readonly string[]): void {
    for (const lock of locks) {
      this.#heldLocks.delete(lock)
      this.#wakeFor(lock)
    }
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

  #take(line: Line, index: number): number {
    line.tasks.pop()
    this.#ready.delete(index)
    for (const lock of line.locks) this.#heldLocks.add(lock)
    line.wokenBy = undefined
    this.#place(line, this.#firstOf(line))
    return index
  }

  /** The first task of a line that is still ready. */
  #firstOf({tasks}: Line): number | undefined {
    for (let first = tasks.peek(); first !== undefined; first = tasks.peek()) {
      if (this.#ready.has(first)) return first
      tasks.pop()
    }
    return undefined
  }

  /** Puts a line in the heap where it belongs, under `head`; a stale entry is skipped later. */
  #place(line: Line, head: number | undefined): void {
    const {wokenBy} = line
    line.head = head
    if (head === undefined) {
      line.wokenBy = undefined
      if (wokenBy !== undefined) this.#wakeFor(wokenBy)
    } else if (line.waitsFor === undefined) this.#open.push(head)
    else this.#waitingFor(line.waitsFor).push(head)
  }

  // One is enough: it takes the lock, or wakes the next.
  #wakeFor(lock: string): void {
    const waiting = this.#waiting.get(lock)
    if (waiting === undefined || this.#heldLocks.has(lock)) return
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

  #line(locks: readonly string[]): Line {
    const key = JSON.stringify(locks.toSorted())
    const line = this.#lines.get(key) ?? {locks, tasks: new TinyQueue<number>(), head: undefined, waitsFor: undefined, wokenBy: undefined}
    this.#lines.set(key, line)
    return line
  }
}
