import type {Isolation, Place, RetryPolicy} from '../../model/task.ts'
import type {ListContext, LocatedText} from '../source/list-text.ts'
import type {MistakeLog} from '../source/mistakes.ts'
import type {PathLookup} from '../source/path-lookup.ts'
import type {TextBudget} from './item-references.ts'
import type {ParameterValues} from './parameter-values.ts'

/** The most tasks that a list may make. */
export const maxTasks = 100_000

/** The most values that a list may make, all its tasks taken together. */
export const maxValues = 3_000_000

/** What the reading of a list goes on with from entry to entry. */
export interface ListReading {
  readonly context: ListContext
  readonly mistakes: MistakeLog
  readonly paths: PathLookup
  readonly budget: ListBudget
}

/** What is left of the limits of a list. */
export interface ListBudget extends TextBudget {
  tasks: number
  values: number
}

/** What the reading of one text goes on with. */
export interface TextReading extends ListReading {
  readonly text: LocatedText
  readonly values: ParameterValues
}

/** What entries fall back on: the `defaults` of their text, over the inputs of the action. */
export interface Fallback {
  readonly env: ReadonlyMap<string, string | null>
  readonly workingDirectory: string
  readonly timeoutMs: number
  readonly retry: RetryPolicy
  readonly continueOnError: boolean
  readonly successCodes: readonly number[]
  readonly locks: readonly string[]
  readonly isolation: Isolation
  readonly shell: string
}

/** A text of the list where one may have to point at it. */
export interface PlacedText {
  readonly text: string
  readonly place: Place
}
