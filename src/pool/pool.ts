import type {Attempt, AttemptEnd, Kept, PowerShell, RunLimit, RunPlan, RunRecord, TaskRecord, Verdict} from '../model/event.ts'
import type {EventStream} from '../model/event-stream.ts'
import type {FailFast, FlakyMode, MaxFailures} from '../model/settings.ts'
import type {Task} from '../model/task.ts'
import {describeFault} from '../text/bug.ts'
import type {AttemptRunner, CompletedAttempt} from './attempt-runner.ts'
import {FailureLimit} from './failure-limit.ts'
import {Inheritances} from './inheritance.ts'
import {decideRetry} from './retry.ts'
import {type Claim, Schedule, type SkippedTask, type Stop} from './schedule.ts'
import {Slot} from './slot.ts'
import {type SlowAfter, slowAfter} from './slow.ts'
import {startOrder} from './start-order.ts'

/** Tasks announced to the workforce ahead of time. */
const standbys = 2

/** Delay from a cancel to `still-ending`, in milliseconds. */
const stillEndingAfterMs = 1000

/**
 * Time that an aborted run waits for its tasks to end, in milliseconds: longer than ending them takes (`endingSchedule`), because the fault may also
 * have broken what reports their end.
 */
export const forceFinishAfterMs = 10_000

/** Options of one run. */
export interface PoolOptions {
  /** The plan of the run; only passed on in events. */
  readonly plan: RunPlan
  /** The expected duration of each task, by index, in milliseconds; without it ready tasks start in declared order. */
  readonly expectedMs?: readonly number[] | undefined
  /** The PowerShells of the tasks; only passed on in events. */
  readonly powershells: readonly PowerShell[]
  /** Tasks at a time, from 1. */
  readonly maxParallel: number
  readonly failFast: FailFast
  /** Only passed on in the record. */
  readonly flaky?: FlakyMode | undefined
  /** Default: 1. */
  readonly maxFailures?: MaxFailures | undefined
  /** Describes a failure in words, for `$needs`. Default: the reason. */
  readonly errorOf?: ((verdict: Verdict) => string) | undefined
  /** For all tasks together, in milliseconds; 0 for none. */
  readonly totalTimeoutMs: number
  readonly workforce: AttemptRunner
  /** From 0 to less than 1, for waits of `retry` with `jitter`; default: `Math.random`. */
  readonly random?: (() => number) | undefined
  /** Workers to boot at the start, even without a task for them. */
  readonly minParallel: number
  /** Results of an earlier run, by task index: these tasks do not run again. What a kept task needs is kept too. Default: none. */
  readonly kept?: ReadonlyMap<number, Kept> | undefined
}

type BugLimit = Extract<RunLimit, {reason: 'internal'}>

/**
 * Runs tasks, at most `maxParallel` at a time, in declared order or by critical path, as far as needs and locks allow. Every task gets exactly one
 * verdict, whatever happens. All decisions are made in synchronous steps and published as events.
 */
export class Pool {
  readonly #options: PoolOptions
  readonly #tasks: readonly Task[]
  readonly #events: EventStream
  readonly #schedule: Schedule
  readonly #slots: (Slot | undefined)[]
  readonly #attempts = new Map<Task, Attempt[]>()
  /** Tasks that have been reported as slow. */
  readonly #reportedSlow = new Set<Task>()
  readonly #records = new Map<number, TaskRecord>()
  readonly #inheritances = new Inheritances(
    index => this.#records.get(index),
    verdict => this.#options.errorOf?.(verdict) ?? verdict.reason
  )
  readonly #failures: FailureLimit
  /** Tasks between two attempts, until the next one begins; their delay may have passed. */
  readonly #retries = new Map<Task, NodeJS.Timeout>()
  readonly #finished: Promise<void>
  #finish: () => void = () => {}
  /** Set when the run is aborted. */
  #forceFinishTimer: NodeJS.Timeout | undefined
  /** `true` after a bug in the pool: the schedule is no longer used. */
  #hasFailed = false
  #stop: Stop | undefined
  /** Set by a cancel. */
  #stillEndingTimer: NodeJS.Timeout | undefined
  #limit: RunLimit | undefined

  constructor(tasks: readonly Task[], options: PoolOptions, events: EventStream) {
    this.#tasks = tasks
    this.#options = options
    this.#events = events
    const {expectedMs} = options
    this.#schedule = new Schedule(tasks, expectedMs === undefined ? undefined : startOrder(tasks, expectedMs))
    this.#failures = new FailureLimit(options.maxFailures ?? {kind: 'count', count: 1}, tasks.length)
    this.#slots = Array.from({length: Math.min(options.maxParallel, tasks.length)})
    this.#finished = new Promise(resolve => {
      this.#finish = resolve
    })
  }

  /**
   * Runs all tasks; call it once. Resolves when each task has a verdict and nothing runs. Never rejects: after a bug in the pool, the record contains
   * what is known. `isCancelled`: the run was cancelled before the start. `fault`: an exception from before the start.
   */
  async run(isCancelled = false, fault?: {readonly error: unknown}): Promise<RunRecord> {
    const {plan, powershells, maxParallel, totalTimeoutMs} = this.#options
    const startedAt = Date.now()
    const kept = this.#tasks.flatMap(task => keptRecord(task, this.#options.kept))
    this.#publish({type: 'run-started', plan, tasks: this.#tasks, powershells, maxParallel, kept})
    for (const {task, verdict} of kept) this.#settle(task, verdict)
    if (fault !== undefined) this.abort(fault.error)
    else if (isCancelled) this.cancel()
    const total = totalTimeoutMs === 0 ? undefined : setTimeout(() => this.#timeOutAll(totalTimeoutMs), totalTimeoutMs)
    try {
      this.#step()
      this.#options.workforce.prepare(this.#schedule.upcoming(Math.max(0, this.#options.minParallel - this.#busySlots().length)))
    } catch (error) {
      this.#failInternally(error)
    }
    await this.#finished
    for (const timer of [total, this.#stillEndingTimer, this.#forceFinishTimer, ...this.#retries.values()]) clearTimeout(timer)
    const record: RunRecord = {
      plan,
      powershells,
      maxParallel,
      startedAt,
      endedAt: Date.now(),
      cancelled: this.#stop?.reason === 'cancelled',
      limit: this.#limit,
      flaky: this.#options.flaky,
      tasks: [...this.#records.values()].toSorted((a, b) => a.task.index - b.task.index)
    }
    try {
      for (const {task, output} of this.#options.workforce.closeLeft()) this.#publish({type: 'left-output', task, output})
    } catch (error) {
      const broken: RunRecord = {...record, limit: {reason: 'internal', message: describeFault(error)}}
      this.#publish({type: 'run-ended', record: broken})
      return broken
    }
    this.#publish({type: 'run-ended', record})
    return record
  }

  /** Starts no more tasks and ends the running ones. A second call kills them at once. */
  cancel(): void {
    if (this.#stop?.reason === 'cancelled') {
      for (const slot of this.#busySlots()) slot.kill()
      return
    }
    this.#stopAll({status: 'skipped', reason: 'cancelled'}, {status: 'cancelled', reason: 'cancelled'})
    this.#stillEndingTimer = setTimeout(() => this.#publishStillEnding(), stillEndingAfterMs)
  }

  /** As `cancel`, after an exception that nothing could handle: the run fails, and its record contains what is known. Only the first call counts. */
  abort(error: unknown): void {
    if (this.#limit?.reason === 'internal') return
    const limit = {reason: 'internal', message: describeFault(error)} as const
    this.#limit = limit
    this.#forceFinishTimer = setTimeout(() => this.#forceFinish(limit), forceFinishAfterMs)
    if (this.#stop?.reason === 'cancelled') return
    try {
      this.#stopAll({status: 'skipped', ...limit}, {status: 'cancelled', ...limit})
    } catch (fault) {
      this.#failInternally(fault)
    }
  }

  /** Handles an exception of the pool itself: the schedule is no longer used, and the run ends once its processes have ended. */
  #failInternally(error: unknown): void {
    if (this.#hasFailed) return
    this.#hasFailed = true
    const limit: BugLimit = this.#limit?.reason === 'internal' ? this.#limit : {reason: 'internal', message: describeFault(error)}
    this.#limit = limit
    this.#forceFinishTimer ??= setTimeout(() => this.#forceFinish(limit), forceFinishAfterMs)
    void Promise.allSettled(this.#busySlots().map(slot => this.#kill(slot, limit))).then(() => this.#forceFinish(limit))
  }

  /** Kills an attempt and records it if possible. */
  async #kill(slot: Slot, limit: BugLimit): Promise<void> {
    slot.kill({status: 'cancelled', ...limit})
    const completed = await slot.completed
    if (slot.hasBegun) this.#publishAttempt(slot.task, this.#keepAttempt(slot, completed), completed.output, undefined)
  }

  /** Gives every open task a verdict without the schedule, kills what runs, and ends the run. */
  #forceFinish({message}: BugLimit): void {
    this.#hasFailed = true
    for (const slot of this.#busySlots()) slot.kill()
    for (const task of this.#tasks) {
      if (this.#records.has(task.index)) continue
      const last = this.#attempts.get(task)?.at(-1)
      const isRunning = this.#busySlots().some(slot => slot.task === task && slot.hasBegun)
      this.#record(task, last?.end ?? {status: isRunning ? 'cancelled' : 'skipped', reason: 'internal', message})
    }
    this.#finish()
  }

  #publishStillEnding(): void {
    const tasks = this.#busySlots().map(({task}) => task)
    if (tasks.length > 0) this.#publish({type: 'still-ending', tasks})
  }

  #timeOutAll(timeoutMs: number): void {
    if (this.#stop?.reason === 'cancelled') return
    this.#limit ??= {reason: 'total-timeout', timeoutMs}
    this.#stopAll({status: 'skipped', reason: 'total-timeout', timeoutMs}, {status: 'timed-out', reason: 'total-timeout', timeoutMs})
  }

  #stopAll(stop: Stop, end: AttemptEnd): void {
    this.#stopStarting(stop)
    for (const slot of this.#busySlots()) this.#end(slot, end)
    this.#step()
  }

  /** Starts tasks in the free slots, and ends the run when nothing is left. */
  #step(): void {
    for (const [worker, slot] of this.#slots.entries()) {
      if (slot !== undefined) continue
      const claim = this.#schedule.claim()
      if (claim === undefined) break
      this.#start(claim, worker)
    }
    if (this.#schedule.isSettled) this.#finish()
    else this.#prepare()
  }

  // Not while a worker boots for a waiting task, because another boot would slow it down.
  #prepare(): void {
    if (this.#busySlots().every(({hasBegun}) => hasBegun)) this.#options.workforce.prepare(this.#schedule.upcoming(standbys))
  }

  #start({task, lockSlots}: Claim, worker: number): void {
    this.#retries.delete(task)
    const attempts = this.#attempts.get(task) ?? []
    this.#attempts.set(task, attempts)
    const number = attempts.length + 1
    this.#publish({type: 'attempt-waiting', task, lockSlots, since: Date.now()})
    const slot: Slot = new Slot(task, number, worker, () =>
      this.#options.workforce.start({
        task,
        number,
        worker,
        lockSlots,
        inherited: this.#inheritances.of(task),
        onStarted: pid => this.#begin(slot, pid),
        onOver: () => slot.noteOver()
      })
    )
    this.#slots[worker] = slot
    slot.completed.then(completed => this.#complete(slot, completed)).catch(error => this.#failInternally(error))
  }

  #begin(slot: Slot, pid: number | undefined): void {
    const {task, number, worker} = slot
    const {timeoutMs} = task
    const startedAt = Date.now()
    const after = this.#reportedSlow.has(task) ? undefined : slowAfter(task)
    slot.begin(startedAt, {
      onTimeout: () => this.#end(slot, {status: 'timed-out', reason: 'timeout', timeoutMs}),
      slow: after && {after, onSlow: () => this.#tellSlow(slot, after)}
    })
    this.#publish({type: 'attempt-started', task, number, worker, startedAt, pid})
    this.#prepare()
  }

  #tellSlow({task, number}: Slot, slow: SlowAfter): void {
    this.#reportedSlow.add(task)
    this.#publish({type: 'task-slow', task, number, ...slow})
  }

  #end(slot: Slot, end: AttemptEnd): void {
    // A task that has not begun is skipped: no reader has seen it start.
    if (slot.end(end)) this.#publish({type: 'attempt-ending', task: slot.task, number: slot.number, end})
  }

  #complete(slot: Slot, completed: CompletedAttempt): void {
    if (this.#hasFailed) return
    const {task, worker} = slot
    slot.stopTimers()
    const skip = slot.skip(completed.end)
    // Must come first, because any of the following may throw.
    const kept = skip ?? this.#keepAttempt(slot, completed)
    this.#slots[worker] = undefined
    this.#schedule.release(task)
    if (!('end' in kept)) {
      void completed.output.discard().catch(() => {})
      if (completed.end.reason === 'setup-timeout' && !completed.end.isOwn)
        this.#reachLimit({reason: 'setup-timeout', timeoutMs: completed.end.timeoutMs})
      this.#settle(task, this.#attempts.get(task)?.at(-1)?.end ?? kept)
      this.#step()
      return
    }
    if (kept.end.reason === 'no-worker') this.#reachLimit({reason: 'no-worker', failedStarts: kept.end.failedStarts, cause: task})
    const {attempt, retryInMs} = this.#schedule.isStopped(task)
      ? {attempt: kept, retryInMs: undefined}
      : this.#decideRetry(task, kept, completed)
    this.#publishAttempt(task, attempt, completed.output, retryInMs)
    if (retryInMs === undefined) this.#settle(task, attempt.end)
    else this.#retryAfter(task, retryInMs)
    this.#step()
  }

  #publishAttempt(task: Task, attempt: Attempt, output: CompletedAttempt['output'], retryInMs: number | undefined): void {
    void this.#events
      .publish({type: 'attempt-ended', task, attempt, output, retryInMs})
      .then(() => output.discard())
      .catch(() => {})
  }

  #decideRetry(task: Task, attempt: Attempt, {end, lastPrinted = []}: CompletedAttempt): {attempt: Attempt; retryInMs: number | undefined} {
    const error = end.reason === 'exited' ? end.error : undefined
    const failed = {number: attempt.number, end: attempt.end, printed: lastPrinted, error}
    const {delayMs, matched} = decideRetry(task.retry, failed, this.#options.random)
    if (matched === undefined) return {attempt, retryInMs: delayMs}
    const decided = {...attempt, matched}
    this.#attempts.get(task)?.splice(-1, 1, decided)
    return {attempt: decided, retryInMs: delayMs}
  }

  #keepAttempt(slot: Slot, completed: CompletedAttempt): Attempt {
    const attempt = slot.attempt(completed)
    this.#attempts.get(slot.task)?.push(attempt)
    return attempt
  }

  /** Starts no more tasks, not even those that fail-fast would allow; running tasks finish. */
  #reachLimit(limit: Exclude<RunLimit, {reason: 'total-timeout' | 'internal'}>): void {
    this.#limit ??= limit
    if (this.#stop === undefined || this.#stop.reason === 'fail-fast') this.#stopStarting({status: 'skipped', ...limit})
  }

  #retryAfter(task: Task, delayMs: number): void {
    const again = () => {
      this.#schedule.retry(task)
      this.#step()
    }
    this.#retries.set(task, setTimeout(again, delayMs))
  }

  #settle(task: Task, verdict: Verdict): void {
    this.#record(task, verdict)
    this.#recordSkipped(this.#schedule.settle(task, verdict))
    this.#failures.note(task, verdict)
    const {enough} = this.#failures
    if (enough === undefined || this.#options.failFast === 'false' || this.#stop !== undefined) return
    const because = {reason: 'fail-fast', cause: enough.cause, ...(enough.failed > 1 && {failed: enough.failed})} as const
    this.#stopStarting({status: 'skipped', ...because})
    if (this.#options.failFast !== 'true') return
    for (const slot of this.#busySlots()) {
      if (this.#schedule.isStopped(slot.task)) this.#end(slot, {status: 'cancelled', ...because})
    }
  }

  #stopStarting(stop: Stop): void {
    this.#stop = stop
    this.#recordSkipped(this.#schedule.stop(stop))
    for (const [task, timer] of this.#retries) {
      if (!this.#schedule.isStopped(task)) continue
      clearTimeout(timer)
      this.#retries.delete(task)
      const last = this.#attempts.get(task)?.at(-1)
      if (last !== undefined) this.#settle(task, last.end)
    }
  }

  #recordSkipped(skipped: readonly SkippedTask[]): void {
    for (const {task, skip} of skipped) this.#record(task, skip)
  }

  #record(task: Task, verdict: Verdict): void {
    const record = {task, attempts: this.#attempts.get(task) ?? [], verdict}
    this.#records.set(task.index, record)
    this.#publish({type: 'task-ended', record})
  }

  // An error of a reader rejects `drained`, which the run awaits.
  #publish(event: Parameters<EventStream['publish']>[0]): void {
    void this.#events.publish(event)
  }

  #busySlots(): Slot[] {
    return this.#slots.filter(slot => slot !== undefined)
  }
}

function keptRecord(task: Task, kept: PoolOptions['kept']): readonly TaskRecord[] {
  const verdict = kept?.get(task.index)
  return verdict === undefined ? [] : [{task, attempts: [], verdict}]
}
