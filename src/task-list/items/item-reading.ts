import type {ListNode} from '../source/list-node.ts'
import type {ListContext, LocatedText} from '../source/list-text.ts'
import type {MistakeLog} from '../source/mistakes.ts'
import type {PathLookup} from '../source/path-lookup.ts'
import type {TextBudget} from './item-references.ts'

/** Limit of tasks in a list. */
export const maxTasks = 100_000

/** What to do about more tasks than that. */
export const moreThanTasks = 'split it, or let each task do several of them'

/** The mistake of a file with more items than a list can have tasks. */
export const tooManyItems = `the file has more than ${maxTasks.toLocaleString('en')} items, which is the limit of tasks in a list; ${moreThanTasks}`

/** Limit of values in all tasks of a list together. */
export const maxValues = 3_000_000

/** Limit of all files of items of a list together, in bytes. */
export const maxItemBytes = 64 * 1024 * 1024

/** Remaining limits of a list. */
export interface ListBudget extends TextBudget {
  tasks: number
  values: number
  /** Bytes of files of items. */
  itemBytes: number
}

/** What reading the items of one text needs. */
export interface ItemReading {
  readonly context: ListContext
  readonly paths: PathLookup
  readonly mistakes: MistakeLog
  readonly budget: ListBudget
  readonly text: LocatedText
  /** Those that have been read, by absolute path. */
  readonly itemFiles: Map<string, readonly ListNode[]>
}
