import type {AttemptEnded} from '../model/event.ts'
import type {Task} from '../model/task.ts'
import {tailLimits} from '../report/failure-tails.ts'
import {LastBytes} from '../spool/last-bytes.ts'

/** The ends of what is shown of attempts that are not recorded, until they are over. */
export class PrintedTails {
  readonly #limit: number
  readonly #tails = new Map<string, LastBytes>()

  /** `characters`: how many UTF-16 units of each end are kept at least. */
  constructor(characters: number = tailLimits.characters) {
    // A unit is three bytes at most. Two more, so that one can tell that something came before.
    this.#limit = 3 * (characters + 2)
  }

  /** An attempt, counted from 1, begins: takes the lines that are shown of it, one after another. */
  begin(task: Task, attempt: number): (lines: string | Buffer) => void {
    const tail = new LastBytes(this.#limit)
    this.#tails.set(attemptKey(task, attempt), tail)
    return lines => tail.add(typeof lines === 'string' ? Buffer.from(lines.slice(-this.#limit)) : lines)
  }

  /** What it printed last, as one text; `undefined` for an attempt that is not here. */
  textsOf({task, attempt}: Pick<AttemptEnded, 'task' | 'attempt'>): AsyncIterable<string> | undefined {
    const tail = this.#tails.get(attemptKey(task, attempt.number))
    return tail && textOf(tail)
  }

  /** Nobody will ask for it any more. */
  forget({task, attempt}: AttemptEnded): void {
    this.#tails.delete(attemptKey(task, attempt.number))
  }
}

// Another attempt may have begun when the end of this one is told.
const attemptKey = ({index}: Task, attempt: number): string => `${index}.${attempt}`

async function* textOf({bytes}: LastBytes): AsyncIterable<string> {
  yield bytes.toString()
}
