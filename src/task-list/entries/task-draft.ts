import type {Place, Task} from '../../model/task.ts'
import type {PlacedText} from './list-reading.ts'

/** A task before the list is looked at as a whole: without what depends on the other tasks. */
export interface TaskDraft {
  readonly name: DraftName
  /** Ids as they were written. */
  readonly needs: readonly PlacedText[]
  readonly settings: Omit<Task, 'index' | 'id' | 'group' | 'name' | 'isNamedByScript' | 'needs'>
}

/** A name that has to be the only one of its kind, or a default, which is numbered where it is not. */
export interface DraftName extends PlacedText {
  readonly isExplicit: boolean
}

/** What one entry of the list makes. */
export interface EntryDraft {
  readonly place: Place
  readonly id: PlacedText | undefined
  /** The name without any item in it, for the default id of a group. */
  readonly name: string
  /** Whether the entry makes a task for each of something, even of one or none. */
  readonly isGroup: boolean
  readonly tasks: readonly TaskDraft[]
}
