import type {EmittedObjects, TaskRecord} from '../model/event.ts'
import {foldCase} from '../model/name-table.ts'
import type {Task, Value} from '../model/task.ts'
import {isMap, maskedValue, renderJson} from './json-value.ts'
import {readObjects} from './kept-objects.ts'

/** Replaces secret values. */
type Mask = (text: string) => string

/**
 * An object as a row: its values by column name, with `task` and `item` first. No two names differ in case alone, because PowerShell would take them
 * for one.
 */
export type ObjectRow = ReadonlyMap<string, Value>

/** A task that kept objects, and the objects of its last attempt. */
export interface ObjectSource {
  readonly task: Task
  readonly objects: EmittedObjects
}

/** The tasks of a run that kept objects, in declared order. */
export function objectSources(tasks: readonly TaskRecord[]): readonly ObjectSource[] {
  return tasks.flatMap(({task, attempts}) => {
    const objects = attempts.at(-1)?.objects
    return objects === undefined ? [] : [{task, objects}]
  })
}

/** The number of objects, and of those that were dropped at the limit. */
export function countObjects(sources: readonly ObjectSource[]): {readonly count: number; readonly leftOut: number} {
  return sources.reduce((sum, {objects}) => ({count: sum.count + objects.count, leftOut: sum.leftOut + objects.leftOut}), {
    count: 0,
    leftOut: 0
  })
}

/** Every object as a masked row. Holds the objects of one task at a time in memory. Throws file system errors. */
export function* objectRows(sources: readonly ObjectSource[], mask: Mask): Iterable<ObjectRow> {
  for (const {task, objects} of sources) {
    const front: readonly (readonly [string, Value])[] = [
      ['task', mask(task.name)],
      ['item', task.item === undefined ? null : maskedValue(task.item, mask)]
    ]
    for (const object of readObjects(objects)) {
      const masked = maskedValue(object, mask)
      yield rowOf([...front, ...(isMap(masked) ? masked : [['Value', masked] as const])])
    }
  }
}

function rowOf(fields: readonly (readonly [string, Value])[]): ObjectRow {
  const row = new Map<string, Value>()
  const names = new Set<string>()
  for (const [name, value] of fields) {
    const unique = uniqueName(name === '' ? '_' : name, names)
    names.add(foldCase(unique))
    row.set(unique, value)
  }
  return row
}

function uniqueName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(foldCase(name))) return name
  for (let number = 2; ; number++) {
    const other = `${name}_${number}`
    if (!taken.has(foldCase(other))) return other
  }
}

/** Most columns; properties beyond the limit are left out. */
export const maxColumns = 1000

/** The columns of a table: all names in the order in which they first occur, without regard to case, at most `maxColumns`. */
export class ObjectColumns {
  readonly #names = new Map<string, string>()
  #isCut = false

  /** Adds the names of a row. */
  add(row: ObjectRow): void {
    for (const name of row.keys()) {
      const folded = foldCase(name)
      if (this.#names.has(folded)) continue
      if (this.#names.size < maxColumns) this.#names.set(folded, name)
      else this.#isCut = true
    }
  }

  get names(): readonly string[] {
    return [...this.#names.values()]
  }

  /** `true` if names were left out at the limit. */
  get isCut(): boolean {
    return this.#isCut
  }

  /** The row's values as text, one for each column; empty if the row has no such value. Nested values are compact JSON. */
  cells(row: ObjectRow): readonly string[] {
    const byName = new Map([...row].map(([name, value]) => [foldCase(name), value]))
    return [...this.#names.keys()].map(folded => cellText(byName.get(folded) ?? null))
  }
}

function cellText(value: Value): string {
  if (value === null) return ''
  return typeof value === 'string' ? value : renderJson(value)
}
