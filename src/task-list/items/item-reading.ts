import type {LocatedText} from '../source/list-text.ts'
import type {MistakeLog} from '../source/mistakes.ts'
import type {TextBudget} from './item-references.ts'

/** Limit of tasks in a list. */
export const maxTasks = 100_000

/** Limit of values in all tasks of a list together. */
export const maxValues = 3_000_000

/** Remaining limits of a list. */
export interface ListBudget extends TextBudget {
  tasks: number
  values: number
}

/** What reading the items of one text needs. */
export interface ItemReading {
  readonly mistakes: MistakeLog
  readonly budget: ListBudget
  readonly text: LocatedText
}
