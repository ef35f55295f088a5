import type {AttemptEnded} from '../model/event.ts'
import type {Task} from '../model/task.ts'
import {tailLimits} from '../report/failure-tails.ts'
import {LastBytes} from '../spool/last-bytes.ts'

/** The last lines shown of each running attempt whose output is not recorded. */
export class PrintedTails {
  readonly #limit: number
  readonly #tails = new Map<string, LastBytes>()

  /** `characters`: how many UTF-16 units are kept at least. */
  constructor(characters: number = tailLimits.characters) {
    // A unit takes at most three bytes. Two more show whether anything came before.
    this.#limit = 3 * (characters + 2)
  }

  /** Begins an attempt, numbered from 1. Returns a function to call with its lines as they are shown. */
  begin(task: Task, attempt: number): (lines: string | Buffer) => void {
    const tail = new LastBytes(this.#limit)
    this.#tails.set(attemptKey(task, attempt), tail)
    return lines => tail.add(typeof lines === 'string' ? Buffer.from(lines.slice(-this.#limit)) : lines)
  }

  /** The last lines as one text; `undefined` for an attempt that was not begun here. */
  textsOf({task, attempt}: Pick<AttemptEnded, 'task' | 'attempt'>): AsyncIterable<string> | undefined {
    const tail = this.#tails.get(attemptKey(task, attempt.number))
    return tail && textOf(tail)
  }

  /** Frees what is kept of an attempt. */
  forget({task, attempt}: AttemptEnded): void {
    this.#tails.delete(attemptKey(task, attempt.number))
  }
}

// The next attempt may have begun when the end of this one is read.
const attemptKey = ({index}: Task, attempt: number): string => `${index}.${attempt}`

async function* textOf({bytes}: LastBytes): AsyncIterable<string> {
  yield bytes.toString()
}
