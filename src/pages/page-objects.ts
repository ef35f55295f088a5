import type {RunRecord} from '../model/event.ts'
import {ObjectColumns, type ObjectRow, objectRows, objectSources} from '../objects/object-rows.ts'
import type {Mask} from '../report/masked-run.ts'

/** The objects of a task as a table. */
export interface PageObjects {
  /** Position of the task. */
  readonly task: number
  readonly columns: readonly string[]
  /** A text for each column. */
  readonly rows: readonly (readonly string[])[]
  /** How many there are, shown or not. */
  readonly count: number
  /** How many were left out of what tasks keep. */
  readonly leftOut: number
}

/** Rows of a task, and UTF-16 units of all tables together: past these a page shows fewer rows, and tells how many there are. */
export const pageObjectLimits = {rows: 200, characters: 4 * 1024 * 1024} as const

/** Tables of the objects that tasks have emitted, in declared order. Throws file system errors. */
export function pageObjects({tasks}: RunRecord, mask: Mask): readonly PageObjects[] {
  const positions = new Map(tasks.map(({task}, position) => [task, position]))
  let rest: number = pageObjectLimits.characters
  return objectSources(tasks).map((source): PageObjects => {
    const columns = new ObjectColumns()
    const rows: ObjectRow[] = []
    for (const row of rest > 0 ? objectRows([source], mask) : []) {
      // Task and item stand in front of each row, and above the table.
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
