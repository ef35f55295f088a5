import type {Skip, Verdict} from '../model/event.ts'
import {type NeededTasks, NeedsGraph} from '../model/needs-graph.ts'
import type {Lock, Task} from '../model/task.ts'
import {unreachable} from '../model/unreachable.ts'
import {isAllowedFailure, isFailed, isSuccess} from '../model/verdict.ts'
import {ReadyTasks} from './ready-tasks.ts'

/** The reason why a run stops starting tasks. After `fail-fast`, tasks with `when: failure` or `always` still run. */
export type Stop = Extract<Skip, {reason: 'fail-fast' | 'total-timeout' | 'cancelled' | 'no-worker' | 'setup-timeout' | 'internal'}>

/** A task that will not run, with the reason. */
export interface SkippedTask {
  readonly task: Task
  readonly skip: Skip
}

/** A task to start now. */
export interface Claim {
  readonly task: Task
  /** The slot that the task has in each of its locks, from 0. */
  readonly lockSlots: ReadonlyMap<Lock, number>
}

/** State of a set of tasks that others need. The set is counted once for all tasks that need it. */
interface Needed {
  readonly tasks: readonly number[]
  /** Tasks that need these, by index. */
  readonly dependents: readonly number[]
  /** Number of its tasks that have no verdict yet. */
  open: number
  /** Set once all tasks have a verdict: the first that did not succeed, and whether any of them or of their needs failed. */
  firstUnsuccessful: Task | undefined
  hasFailure: boolean
}

/** State of a task during the run. */
interface Node {
  readonly task: Task
  /** The needed sets that it belongs to. */
  readonly partOf: readonly Needed[]
  /** The sets that it needs. */
  readonly needs: readonly Needed[]
  /** Number of those sets that have tasks without a verdict. */
  openNeeds: number
  /** `again`: ready for another attempt. */
  state: 'waiting' | 'ready' | 'claimed' | 'again' | 'settled'
  /** `true` if it succeeded, or failed where that is allowed. */
  hasSucceeded: boolean
  /** `true` if it, or a direct or indirect need, failed without `continue-on-error`. */
  hasFailure: boolean
}

/**
 * Decides which task starts next. It is synchronous, so nothing can happen between choosing and claiming a task. A task is waiting for needs, then
 * ready, then claimed, and then settled or ready again for another attempt.
 */
export class Schedule {
  readonly #nodes: readonly Node[]
  /** Ready tasks, by their position in `#order`. */
  readonly #ready = new ReadyTasks()
  /** The order in which ready tasks start, as task indices. */
  readonly #order: readonly number[]
  /** Position of each task in `#order`, by task index. */
  readonly #places: readonly number[]
  /** Skips tasks that no longer wait: for each index, an index at or after it, with no waiting task in between. Shortened on each walk. */
  readonly #nextWaiting: number[]
  #stop: Stop | undefined
  #unsettled: number

  /** `order`: the indices of all tasks, in the order in which ready tasks start. Default: the declared order. */
  constructor(tasks: readonly Task[], order: readonly number[] = tasks.map((_, index) => index)) {
    this.#order = order
    const places: number[] = new Array(order.length)
    for (const [place, index] of order.entries()) places[index] = place
    this.#places = places
    this.#unsettled = tasks.length
    this.#nextWaiting = Array.from({length: tasks.length + 1}, (_, index) => index)
    const graph = new NeedsGraph(tasks)
    const needed = graph.needed.map(
      (group): Needed => ({
        tasks: group.tasks,
        dependents: group.dependents,
        open: group.tasks.length,
        firstUnsuccessful: undefined,
        hasFailure: false
      })
    )
    const stateOf = (groups: readonly NeededTasks[]) => groups.flatMap(({position}) => needed[position] ?? [])
    this.#nodes = tasks.map(task => {
      const needs = stateOf(graph.needsOf(task.index)).filter(({open}) => open > 0)
      return {
        task,
        partOf: stateOf(graph.partOf(task.index)),
        needs,
        openNeeds: needs.length,
        state: 'waiting',
        hasSucceeded: false,
        hasFailure: false
      }
    })
    for (const node of this.#nodes) if (node.openNeeds === 0) this.#makeReady(node)
  }

  /** Whether every task has its verdict. */
  get isSettled(): boolean {
    return this.#unsettled === 0
  }

  /** Whether `stop` keeps this task from starting. */
  isStopped(task: Task): boolean {
    return this.#stop !== undefined && !(this.#stop.reason === 'fail-fast' && task.when !== 'success')
  }

  /** Predicts the next tasks to start, at most `count`: ready ones, then waiting ones. */
  upcoming(count: number): readonly Task[] {
    const upcoming = this.#ready.first(count).map(place => this.#order[place] ?? 0)
    for (let index = this.#waitingFrom(0); index < this.#nodes.length && upcoming.length < count; index = this.#waitingFrom(index + 1)) {
      upcoming.push(index)
    }
    return upcoming.map(index => this.#node(index).task)
  }

  /** Claims the first task whose needs have ended and whose locks are free, or returns `undefined` if there is none now. */
  claim(): Claim | undefined {
    const claimed = this.#ready.claim()
    if (claimed === undefined) return undefined
    const node = this.#node(this.#order[claimed.index] ?? 0)
    node.state = 'claimed'
    return {task: node.task, lockSlots: claimed.lockSlots}
  }

  /** Frees the locks of a claimed task after its attempt. The task stays claimed until `settle` or `retry`. */
  release(task: Task): void {
    this.#ready.release(this.#place(task))
  }

  /** Makes a released task ready for another attempt. */
  retry(task: Task): void {
    this.#makeReady(this.#node(task.index), 'again')
  }

  /** Gives a task its verdict, in any state. Returns the tasks that are skipped because of it, in the order of the decisions. */
  settle(task: Task, verdict: Verdict): SkippedTask[] {
    const skipped: SkippedTask[] = []
    const settled: [Node, Verdict][] = [[this.#node(task.index), verdict]]
    // The loop also visits entries that it adds.
    for (const [node, ownVerdict] of settled) {
      for (const dependent of this.#record(node, ownVerdict)) {
        const skip = this.#skipOf(dependent.task)
        if (skip === undefined) this.#makeReady(dependent)
        else {
          skipped.push({task: dependent.task, skip})
          settled.push([dependent, skip])
        }
      }
    }
    return skipped
  }

  /**
   * Starts no more tasks, except those that `Stop` allows. Returns the skipped tasks in declared order. A task that waits for another attempt is not
   * skipped, because it has a verdict: call `settle` with it.
   */
  stop(stop: Stop): SkippedTask[] {
    this.#stop = stop
    const skipped: SkippedTask[] = []
    for (const node of this.#nodes) {
      if ((node.state === 'waiting' || node.state === 'ready') && this.isStopped(node.task)) {
        skipped.push({task: node.task, skip: stop})
        for (const other of this.settle(node.task, stop)) skipped.push(other)
      }
    }
    return skipped.toSorted((a, b) => a.task.index - b.task.index)
  }

  /** Records a verdict. Returns the dependents for which this was the last open need. */
  #record(node: Node, verdict: Verdict): Node[] {
    const isAllowed = isAllowedFailure(node.task, verdict)
    node.hasSucceeded = isSuccess(verdict) || isAllowed
    node.hasFailure = (isFailed(verdict) && !isAllowed) || node.needs.some(({hasFailure}) => hasFailure)
    if (node.state === 'ready' || node.state === 'again') this.#ready.delete(this.#place(node.task))
    this.#leaveWaiting(node)
    node.state = 'settled'
    this.#unsettled--
    return node.partOf
      .filter(needed => --needed.open === 0)
      .flatMap(needed => this.#conclude(needed))
      .map(index => this.#node(index))
      .filter(dependent => dependent.state === 'waiting' && --dependent.openNeeds === 0)
  }

  #skipOf(task: Task): Skip | undefined {
    if (this.isStopped(task)) return this.#stop
    const {needs} = this.#node(task.index)
    switch (task.when) {
      case 'always':
        return undefined
      case 'failure':
        return needs.some(({hasFailure}) => hasFailure) ? undefined : {status: 'skipped', reason: 'no-need-failed'}
      case 'success': {
        const need = needs.find(({firstUnsuccessful}) => firstUnsuccessful !== undefined)?.firstUnsuccessful
        return need && {status: 'skipped', reason: 'need-did-not-succeed', need}
      }
      default:
        return unreachable(task.when)
    }
  }

  /** Called when all tasks of the set have a verdict. Returns the dependents. */
  #conclude(needed: Needed): readonly number[] {
    const nodes = needed.tasks.map(index => this.#node(index))
    needed.firstUnsuccessful = nodes.find(({hasSucceeded}) => !hasSucceeded)?.task
    needed.hasFailure = nodes.some(({hasFailure}) => hasFailure)
    return needed.dependents
  }

  #makeReady(node: Node, state: 'ready' | 'again' = 'ready'): void {
    this.#leaveWaiting(node)
    node.state = state
    this.#ready.add(this.#place(node.task), node.task.locks)
  }

  #leaveWaiting({task: {index}, state}: Node): void {
    if (state === 'waiting') this.#nextWaiting[index] = index + 1
  }

  /** Index of the first task at or after `start` that waits for its needs; the number of tasks if there is none. */
  #waitingFrom(start: number): number {
    const after = (index: number): number => this.#nextWaiting[index] ?? index
    let found = start
    while (after(found) !== found) found = after(found)
    for (let at = start; at < found; ) {
      const next = after(at)
      this.#nextWaiting[at] = found
      at = next
    }
    return found
  }

  #place({index}: Task): number {
    return this.#places[index] ?? index
  }

  #node(index: number): Node {
    const node = this.#nodes[index]
    if (node === undefined) throw new Error(`Internal error: there is no task ${index}`)
    return node
  }
}
