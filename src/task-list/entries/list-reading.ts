import type {Isolation, Lock, Place, Resume, RetryPolicy, SlowLimit} from '../../model/task.ts'
import type {ItemReading, ListBudget} from '../items/item-reading.ts'
import type {ListContext} from '../source/list-text.ts'
import type {MistakeLog} from '../source/mistakes.ts'
import type {PathLookup} from '../source/path-lookup.ts'
import type {ParameterValues} from './parameter-values.ts'

/** State of reading a list, shared by its entries. */
export interface ListReading {
  readonly context: ListContext
  readonly mistakes: MistakeLog
  readonly paths: PathLookup
  readonly budget: ListBudget
  /** The declared locks by name; complete after all texts have been read. */
  readonly locks: Map<string, DeclaredLock>
}

/** A lock that the list declares. */
export interface DeclaredLock extends Pick<Lock, 'room' | 'per'> {
  readonly place: Place
}

/** State of reading one text. */
export interface TextReading extends ListReading, ItemReading {
  readonly values: ParameterValues
}

/** Defaults of an entry: the `defaults` of its text, then the inputs of the action. */
export interface Fallback {
  readonly env: ReadonlyMap<string, string | null>
  readonly workingDirectory: string
  readonly timeoutMs: number
  readonly retry: RetryPolicy
  readonly slow: SlowLimit | undefined
  readonly continueOnError: boolean
  readonly successCodes: readonly number[]
  readonly locks: readonly PlacedText[]
  readonly isolation: Isolation
  readonly objects: boolean
  readonly shell: string
  readonly resume: Resume
}

/** A text with its position, for messages. */
export interface PlacedText {
  readonly text: string
  readonly place: Place
}
