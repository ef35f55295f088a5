import type {RunningAttempt, StartAttempt} from '../../src/pool/pool.ts'
import type {ProcessEnd} from '../../src/pool/task-process.ts'
import type {Task} from '../../src/task.ts'
import {printed} from './create-record.ts'

/** An attempt that ends when the test says so. */
export interface CommandedAttempt {
  readonly task: Task
  readonly number: number
  readonly worker: number
  /** What the pool asked of it. */
  asked: 'nothing' | 'end' | 'kill'
  /** Ends it, and lets the pool see to it before the promise resolves. */
  complete(end: ProcessEnd): Promise<void>
  /** As `complete`, with this exit code. */
  exit(exitCode: number): Promise<void>
}

/** Attempts without a process: what is started is kept in `running` until the test ends it. */
export class CommandedAttempts {
  /** Those that have been started and not ended, in the order of their start. */
  readonly running: CommandedAttempt[] = []
  /** Ids of tasks in the order of all starts. */
  readonly started: string[] = []

  readonly start: StartAttempt = (task, number, worker) => {
    let resolve: (end: ProcessEnd) => void = () => {}
    const ended = new Promise<ProcessEnd>(settle => {
      resolve = settle
    })
    const attempt: CommandedAttempt = {
      task,
      number,
      worker,
      asked: 'nothing',
      complete: async end => {
        this.running.splice(this.running.indexOf(attempt), 1)
        resolve(end)
        await settled()
      },
      exit: exitCode => attempt.complete({reason: 'exited', exitCode})
    }
    this.running.push(attempt)
    this.started.push(task.id)
    const running: RunningAttempt = {
      completed: ended.then(end => ({end, output: {...printed(), discard: () => {}}})),
      end: () => {
        if (attempt.asked === 'nothing') attempt.asked = 'end'
      },
      kill: () => {
        attempt.asked = 'kill'
      }
    }
    return running
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
