import type {Place, Task} from '../../model/task.ts'
import type {PlacedText} from './list-reading.ts'

/** A task before ids, needs and locks are resolved over the whole list. */
export interface TaskDraft {
  readonly name: DraftName
  /** The needed ids as they are written. */
  readonly needs: readonly PlacedText[]
  /** Absolute path of the file that a glob found for this task. */
  readonly match: string | undefined
  /** The locks as they are written. */
  readonly settings: Omit<
    Task,
    'fingerprint' | 'index' | 'position' | 'key' | 'id' | 'group' | 'name' | 'isNamedByScript' | 'needs' | 'locks'
  > & {
    readonly locks: readonly PlacedText[]
  }
}

/** A name. Explicit names must be unique; default names get a number if they are not. */
export interface DraftName extends PlacedText {
  readonly isExplicit: boolean
}

/** The tasks of one entry. */
export interface EntryDraft {
  readonly place: Place
  readonly id: PlacedText | undefined
  /** The name without item or file, from which the default id of a group is made. */
  readonly name: string
  /** `true` if the entry lists items or files, even if it is only one or none. */
  readonly isGroup: boolean
  readonly tasks: readonly TaskDraft[]
}
