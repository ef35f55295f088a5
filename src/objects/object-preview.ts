import {countObjects, ObjectColumns, type ObjectRow, type ObjectSource, objectRows} from './object-rows.ts'

/** The first objects of a run as a table, masked. */
export interface ObjectPreview {
  /** The columns of all rows shown. */
  readonly columns: readonly string[]
  /** The cells, one for each column. */
  readonly rows: readonly (readonly string[])[]
  /** Number of objects, shown or not. */
  readonly count: number
  /** Number of objects that were dropped because a task emitted more than the limit. */
  readonly leftOut: number
}

/** Most rows of a preview. */
const previewRows = 20

/** The first rows, or `undefined` if no task kept objects. Throws file system errors. */
export function objectPreview(sources: readonly ObjectSource[], mask: (text: string) => string): ObjectPreview | undefined {
  if (sources.length === 0) return undefined
  const columns = new ObjectColumns()
  const rows: ObjectRow[] = []
  for (const row of objectRows(sources, mask)) {
    rows.push(row)
    columns.add(row)
    if (rows.length === previewRows) break
  }
  return {columns: columns.names, rows: rows.map(row => columns.cells(row)), ...countObjects(sources)}
}
