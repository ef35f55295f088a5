import type {AttemptEnded} from '../event.ts'
import type {Task} from '../task.ts'
import type {ShownLines} from '../task-command/shown-output.ts'
import {tailLimits} from './failure-tails.ts'

const nothing = Buffer.alloc(0)

/** The end of what is shown of an attempt, while it is shown. Its memory is as long as it may be, from the first lines on. */
export class OutputTail {
  readonly #limit: number
  #memory = nothing
  #used = 0

  /** `characters`: how many UTF-16 units of the end are kept at least. */
  constructor(characters: number) {
    // A unit is three bytes at most. Two more, so that one can tell that something came before.
    this.#limit = 3 * (characters + 2)
  }

  /** Takes the next lines; bytes are lent until it returns. */
  push(lines: ShownLines): void {
    const bytes = typeof lines === 'string' ? Buffer.from(lines.slice(-this.#limit)) : lines
    const end = bytes.subarray(-this.#limit)
    if (this.#memory === nothing) this.#memory = Buffer.allocUnsafeSlow(this.#limit)
    const kept = Math.min(this.#used, this.#limit - end.length)
    this.#memory.copyWithin(0, this.#used - kept, this.#used)
    end.copy(this.#memory, kept)
    this.#used = kept + end.length
  }

  /** What is kept, as one text. */
  async *texts(): AsyncIterable<string> {
    yield this.#memory.toString('utf8', 0, this.#used)
  }
}

/** The ends of what is shown of attempts that are not recorded, until they are over. */
export class PrintedTails {
  readonly #tails = new Map<string, OutputTail>()

  /** An attempt, counted from 1, begins. */
  begin(task: Task, attempt: number): OutputTail {
    const tail = new OutputTail(tailLimits.characters)
    this.#tails.set(attemptKey(task, attempt), tail)
    return tail
  }

  /** What it printed last; `undefined` for an attempt that is not here. */
  textsOf({task, attempt}: AttemptEnded): AsyncIterable<string> | undefined {
    return this.#tails.get(attemptKey(task, attempt.number))?.texts()
  }

  /** Nobody will ask for it any more. */
  forget({task, attempt}: AttemptEnded): void {
    this.#tails.delete(attemptKey(task, attempt.number))
  }
}

// Another attempt may have begun when the end of this one is told.
const attemptKey = ({index}: Task, attempt: number): string => `${index}.${attempt}`
