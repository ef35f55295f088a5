import type {LeftByTask} from '../../src/model/event.ts'
import type {Task} from '../../src/model/task.ts'
import {noChanges} from '../../src/model/task-changes.ts'
import type {AttemptOutcome, AttemptRequest, AttemptRunner, CompletedAttempt, RunningAttempt} from '../../src/pool/attempt-runner.ts'
import {printed} from './create-record.ts'

/** An attempt that begins and ends when the test says so. */
export interface CommandedAttempt extends AttemptRequest {
  /** What the pool asked of it. */
  asked: 'nothing' | 'end' | 'kill'
  /** Ends it, and lets the pool see to it before the promise resolves. */
  complete(end: AttemptOutcome, result?: Partial<CompletedAttempt>): Promise<void>
  /** As `complete`, with this exit code. */
  exit(exitCode: number, result?: Partial<CompletedAttempt>): Promise<void>
}

/** Attempts without a process: what is started is kept in `running` until the test ends it. */
export class CommandedAttempts implements AttemptRunner {
  /** Those that have been started and not ended, in the order of their start. */
  readonly running: CommandedAttempt[] = []
  /** Ids of tasks in the order of all starts. */
  readonly started: string[] = []
  /** Ids of the tasks that the pool last asked to get ready for. */
  prepared: string[] = []
  /** What is told to have come through the pipes of what tasks left. */
  left: readonly LeftByTask[] = []
  readonly #begin: 'at once' | 'when told'

  /** `begin`: whether a task begins with its start, or when the test calls its `onStarted`. */
  constructor(begin: 'at once' | 'when told' = 'at once') {
    this.#begin = begin
  }

  start(request: AttemptRequest): RunningAttempt {
    let resolve: (completed: CompletedAttempt) => void = () => {}
    const completed = new Promise<CompletedAttempt>(settle => {
      resolve = settle
    })
    const attempt: CommandedAttempt = {
      ...request,
      asked: 'nothing',
      complete: async (end, result) => {
        this.running.splice(this.running.indexOf(attempt), 1)
        resolve({end, output: {...printed(), discard: async () => {}}, changes: noChanges, left: [], ...result})
        await settled()
      },
      exit: (exitCode, result) => attempt.complete({reason: 'exited', exitCode}, result)
    }
    this.running.push(attempt)
    this.started.push(request.task.id)
    if (this.#begin === 'at once') void Promise.resolve().then(() => request.onStarted())
    return {
      completed,
      end: () => {
        if (attempt.asked === 'nothing') attempt.asked = 'end'
      },
      kill: () => {
        attempt.asked = 'kill'
      }
    }
  }

  prepare(next: readonly Task[]): void {
    this.prepared = next.map(({id}) => id)
  }

  closeLeft(): readonly LeftByTask[] {
    return this.left
  }

  /** The running attempt of a task. Throws if there is none. */
  of(id: string): CommandedAttempt {
    const attempt = this.running.find(({task}) => task.id === id)
    if (attempt === undefined) throw new Error(`${id} is not running; running: ${this.running.map(({task}) => task.id).join(', ')}`)
    return attempt
  }

  get ids(): string[] {
    return this.running.map(({task}) => task.id)
  }
}

/** Resolves when all that follows from what has happened so far has happened, as far as no timer is in it. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}
