import type {Attempt, AttemptEnd, Skip} from '../model/event.ts'
import type {Task} from '../model/task.ts'
import {noChanges} from '../model/task-changes.ts'
import {UnrecordedOutput} from '../spool/unrecorded-output.ts'
import {describeBug} from '../text/bug.ts'
import {type AttemptOutcome, attemptEnd, type CompletedAttempt, type RunningAttempt} from './attempt-runner.ts'
import type {SlowAfter} from './slow.ts'

/** The callbacks of a slot for the time of its task. */
export interface SlotTimers {
  /** Called when the task has reached its time limit. */
  readonly onTimeout: () => void
  /** When the task counts as slow, and what to call then; `undefined` for never. */
  readonly slow: {readonly after: SlowAfter; readonly onSlow: () => void} | undefined
}

/** An attempt in its slot. Measures its time, and records why it is ended. */
export class Slot {
  readonly task: Task
  /** The attempt of the task, from 1. */
  readonly number: number
  /** Position of the slot, from 0. */
  readonly worker: number
  readonly #running: RunningAttempt
  /** `undefined` while its worker boots. */
  #startedAt: number | undefined
  #timer: NodeJS.Timeout | undefined
  #slowTimer: NodeJS.Timeout | undefined
  /** When the task ended by itself. The attempt goes on while leftover processes are looked for. */
  #overAt: number | undefined
  /** Why the attempt is being ended; `undefined` if it is not. */
  #ending: AttemptEnd | undefined

  /** `start`: starts the attempt; if it throws, the exception becomes the end of the attempt. */
  constructor(task: Task, number: number, worker: number, start: () => RunningAttempt) {
    this.task = task
    this.number = number
    this.worker = worker
    this.#running = containFaults(start)
  }

  /** Never rejects. */
  get completed(): Promise<CompletedAttempt> {
    return this.#running.completed
  }

  get hasBegun(): boolean {
    return this.#startedAt !== undefined
  }

  /** The task begins at `startedAt` by the clock; its time limit counts from now. */
  begin(startedAt: number, {onTimeout, slow}: SlotTimers): void {
    const {timeoutMs} = this.task
    this.#startedAt = startedAt
    if (slow !== undefined) this.#slowTimer = setTimeout(slow.onSlow, slow.after.afterMs)
    if (timeoutMs > 0) this.#timer = setTimeout(onTimeout, timeoutMs)
  }

  /** The task has ended by itself: later reasons to end it do not count. */
  noteOver(): void {
    this.stopTimers()
    this.#overAt = Date.now()
  }

  /** Ends the attempt. Returns whether this is the first reason to end a running task. */
  end(end: AttemptEnd): boolean {
    clearTimeout(this.#slowTimer)
    const isFirst = this.#ending === undefined && this.hasBegun && this.#overAt === undefined
    if (this.#overAt === undefined) this.#ending ??= end
    this.#running.end()
    return isFirst
  }

  /** Kills the attempt. `end`: the reason; ignored if there already is one. */
  kill(end?: AttemptEnd): void {
    this.#ending ??= end
    this.#running.kill()
  }

  stopTimers(): void {
    clearTimeout(this.#timer)
    clearTimeout(this.#slowTimer)
  }

  /** The attempt as it is recorded. */
  attempt({end, changes, objects, left}: CompletedAttempt): Attempt {
    const endedAt = this.#overAt ?? Date.now()
    const {number, worker} = this
    const startedAt = this.#startedAt ?? endedAt
    return {number, worker, startedAt, endedAt, end: this.#ending ?? attemptEnd(end, this.task.successCodes), changes, objects, left}
  }

  /** The skip of a task that was stopped before it began; `undefined` if the attempt is to be recorded. */
  skip(end: AttemptOutcome): Skip | undefined {
    const ending = this.#ending
    if (this.hasBegun) return undefined
    if (ending === undefined)
      return end.reason === 'setup-timeout' ? {status: 'skipped', reason: end.reason, timeoutMs: end.timeoutMs} : undefined
    switch (ending.reason) {
      case 'cancelled':
        return {status: 'skipped', reason: 'cancelled'}
      case 'fail-fast':
        return {...ending, status: 'skipped'}
      case 'total-timeout':
        return {status: 'skipped', reason: 'total-timeout', timeoutMs: ending.timeoutMs}
      case 'internal':
        return ending.status === 'cancelled' ? {...ending, status: 'skipped'} : undefined
      default:
        return undefined
    }
  }
}

/** Starts an attempt; any exception becomes its end. */
function containFaults(start: () => RunningAttempt): RunningAttempt {
  const broken = (error: unknown): CompletedAttempt => ({
    end: {reason: 'internal', message: describeBug(error)},
    output: new UnrecordedOutput(),
    changes: noChanges,
    left: []
  })
  try {
    const attempt = start()
    return {completed: attempt.completed.catch(broken), end: () => attempt.end(), kill: () => attempt.kill()}
  } catch (error) {
    return {completed: Promise.resolve(broken(error)), end: () => {}, kill: () => {}}
  }
}
