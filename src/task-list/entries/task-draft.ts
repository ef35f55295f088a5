import type {Place, Task} from '../../model/task.ts'
import type {PlacedText} from './list-reading.ts'

/** A task before ids, needs and locks are resolved over the whole list. */
export interface TaskDraft {
  readonly name: DraftName
  /** Ids as they were written. */
  readonly needs: readonly PlacedText[]
  /** The absolute path of the file that a glob found for it. */
  readonly match: string | undefined
  /** Locks as they were written. */
  readonly settings: Omit<
    Task,
    'fingerprint' | 'index' | 'position' | 'key' | 'id' | 'group' | 'name' | 'isNamedByScript' | 'needs' | 'locks'
  > & {
    readonly locks: readonly PlacedText[]
  }
}

/** A name: explicit ones must be unique, default ones are numbered if they are not. */
export interface DraftName extends PlacedText {
  readonly isExplicit: boolean
}

/** The tasks of one entry. */
export interface EntryDraft {
  readonly place: Place
  readonly id: PlacedText | undefined
  /** The name without items, for the default id of a group. */
  readonly name: string
  /** `true` if the entry makes a task for each of several items or files, even if there is one or none. */
  readonly isGroup: boolean
  readonly tasks: readonly TaskDraft[]
}
