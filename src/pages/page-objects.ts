import type {RunRecord} from '../model/event.ts'
import {ObjectColumns, type ObjectRow, objectRows, objectSources} from '../objects/object-rows.ts'
import type {Mask} from '../report/masked-run.ts'

/** The objects of a task as a table. */
export interface PageObjects {
  /** Position of the task. */
  readonly task: number
  readonly columns: readonly string[]
  /** The cells, one for each column. */
  readonly rows: readonly (readonly string[])[]
  /** Number of objects, shown or not. */
  readonly count: number
  /** Number of objects that were dropped because the task emitted more than the limit. */
  readonly leftOut: number
}

/** Most rows of one task, and UTF-16 units of all tables together. Beyond these, a page shows fewer rows and the number of all. */
export const pageObjectLimits = {rows: 200, characters: 4 * 1024 * 1024} as const

/** Tables of the objects that tasks have emitted, in declared order. Throws file system errors. */
export function pageObjects({tasks}: RunRecord, mask: Mask): readonly PageObjects[] {
  const positions = new Map(tasks.map(({task}, position) => [task, position]))
  let rest: number = pageObjectLimits.characters
  return objectSources(tasks).map((source): PageObjects => {
    const columns = new ObjectColumns()
    const rows: ObjectRow[] = []
    for (const row of rest > 0 ? objectRows([source], mask) : []) {
      // Drops the columns `task` and `item`: they are in the heading of the table.
      const own = new Map([...row].slice(2))
      rows.push(own)
      columns.add(own)
      if (rows.length === pageObjectLimits.rows) break
    }
    const shown: (readonly string[])[] = []
    for (const row of rows) {
      const cells = columns.cells(row)
      rest -= cells.reduce((sum, cell) => sum + cell.length, 0)
      if (rest < 0) break
      shown.push(cells)
    }
    const {count, leftOut} = source.objects
    return {task: positions.get(source.task) ?? 0, columns: columns.names, rows: shown, count, leftOut}
  })
}
