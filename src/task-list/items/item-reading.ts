import type {ListNode} from '../source/list-node.ts'
import type {ListContext, LocatedText} from '../source/list-text.ts'
import type {MistakeLog} from '../source/mistakes.ts'
import type {PathLookup} from '../source/path-lookup.ts'
import type {TextBudget} from './item-references.ts'

/** Limit of tasks in a list. */
export const maxTasks = 100_000

/** The advice for a list with more tasks than that. */
export const moreThanTasks = 'split it, or let each task do several of them'

/** The message for a file with more items than a list can have tasks. */
export const tooManyItems = `the file has more than ${maxTasks.toLocaleString('en')} items, which is the limit of tasks in a list; ${moreThanTasks}`

/** Most values in all tasks of a list together. */
export const maxValues = 3_000_000

/** Size limit of all item files of a list together, in bytes. */
export const maxItemBytes = 64 * 1024 * 1024

/** What is left of the limits of a list. */
export interface ListBudget extends TextBudget {
  tasks: number
  values: number
  /** Bytes that item files may still have. */
  itemBytes: number
}

/** State of reading the items of one list text. */
export interface ItemReading {
  readonly context: ListContext
  readonly paths: PathLookup
  readonly mistakes: MistakeLog
  readonly budget: ListBudget
  readonly text: LocatedText
  /** The items of files that have been read, by absolute path. */
  readonly itemFiles: Map<string, readonly ListNode[]>
}
