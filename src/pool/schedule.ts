import type {Skip, Verdict} from '../model/event.ts'
import {type NeededTasks, NeedsGraph} from '../model/needs-graph.ts'
import type {Lock, Task} from '../model/task.ts'
import {unreachable} from '../model/unreachable.ts'
import {isAllowedFailure, isFailed, isSuccess} from '../model/verdict.ts'
import {ReadyTasks} from './ready-tasks.ts'

/** A reason to start nothing more. Only under `fail-fast` do tasks with `when: failure` or `always` still run. */
export type Stop = Extract<Skip, {reason: 'fail-fast' | 'total-timeout' | 'cancelled' | 'no-worker' | 'setup-timeout' | 'internal'}>

/** A task that will not run, with the reason. */
export interface SkippedTask {
  readonly task: Task
  readonly skip: Skip
}

/** A task to start now. */
export interface Claim {
  readonly task: Task
  /** The slot that it has of each of its locks, from 0. */
  readonly lockSlots: ReadonlyMap<Lock, number>
}

/** State of tasks that are needed together. Counted once for all that need them. */
interface Needed {
  readonly tasks: readonly number[]
  /** Tasks that need these, by index. */
  readonly dependents: readonly number[]
  /** Number of unsettled tasks among them. */
  open: number
  /** Set once all are settled: the first that did not succeed, and whether any of them or their needs failed. */
  firstUnsuccessful: Task | undefined
  hasFailure: boolean
}

/** State of a task during the run. */
interface Node {
  readonly task: Task
  /** Needed groups it belongs to. */
  readonly partOf: readonly Needed[]
  /** Groups it needs. */
  readonly needs: readonly Needed[]
  /** Number of unsettled groups among them. */
  openNeeds: number
  /** `again`: ready for another attempt. */
  state: 'waiting' | 'ready' | 'claimed' | 'again' | 'settled'
  /** Succeeded, or failed where that is allowed. */
  hasSucceeded: boolean
  /** It, or a direct or indirect need, failed without `continue-on-error`. */
  hasFailure: boolean
}

/**
 * Decides which task is next. Pure and synchronous: nothing can happen between choosing and claiming. A task is waiting (for needs), ready, claimed,
 * and then settled, or ready again for another attempt.
 */
export class Schedule {
  readonly #nodes: readonly Node[]
  /** Ready tasks, each by its place in the order of starts. */
  readonly #ready = new ReadyTasks()
  /** The order of starts, as indices of tasks. */
  readonly #order: readonly number[]
  /** The place of each task in that order, by index. */
  readonly #places: readonly number[]
  /** Skip list over waiting tasks: for each index one at or after it before which none is waiting. Shortened on each walk. */
  readonly #nextWaiting: number[]
  #stop: Stop | undefined
  #unsettled: number

  /** `order`: that in which ready tasks start, as indices; all of them. Default: the declared order. */
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

  /** Prediction of the next tasks to start, at most `count`: ready ones, then waiting ones. */
  upcoming(count: number): readonly Task[] {
    const upcoming = this.#ready.first(count).map(place => this.#order[place] ?? 0)
    for (let index = this.#waitingFrom(0); index < this.#nodes.length && upcoming.length < count; index = this.#waitingFrom(index + 1)) {
      upcoming.push(index)
    }
    return upcoming.map(index => this.#node(index).task)
  }

  /** Claims the first task in the order of starts whose needs have ended and whose locks have room, or `undefined` if there is none now. */
  claim(): Claim | undefined {
    const claimed = this.#ready.claim()
    if (claimed === undefined) return undefined
    const node = this.#node(this.#order[claimed.index] ?? 0)
    node.state = 'claimed'
    return {task: node.task, lockSlots: claimed.lockSlots}
  }

  /** Frees the locks of a claimed task whose attempt is over. It stays claimed until `settle` or `retry`. */
  release(task: Task): void {
    this.#ready.release(this.#place(task))
  }

  /** Makes a released task ready for another attempt. */
  retry(task: Task): void {
    this.#makeReady(this.#node(task.index), 'again')
  }

  /** Gives a task its verdict, at any moment. Returns the tasks skipped because of it, in order of decision. */
  settle(task: Task, verdict: Verdict): SkippedTask[] {
    const skipped: SkippedTask[] = []
    const settled: [Node, Verdict][] = [[this.#node(task.index), verdict]]
    // The loop includes entries added during it.
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
   * Starts nothing more, except what `Stop` allows. Returns the skipped tasks in declared order. One that is to have another attempt is not skipped:
   * it has a verdict, which `settle` is to be told.
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

  /** Returns the dependents whose last open need this was. */
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

  /** Called when all are settled. Returns the dependents. */
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

  /** The first task at or after `start` that waits for its needs; the number of all tasks if there is none. */
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
