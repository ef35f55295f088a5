import {closeSync, lstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync} from 'node:fs'
import path from 'node:path'
import {type ObjectsFileForm, objectsFileForm} from '../model/settings.ts'
import type {Value} from '../model/task.ts'
import {unreachable} from '../model/unreachable.ts'
import {renderJson} from './json-value.ts'
import {maxColumns, ObjectColumns, type ObjectRow, type ObjectSource, objectRows} from './object-rows.ts'

/**
 * Writes every object as a masked row, and creates the folder of the file. An existing file is replaced in one step, once the new one is complete; a
 * special file such as `/dev/stdout` is written to directly. Returns a sentence for each kind of data that the file lacks. Throws file system errors.
 */
export function writeObjectsFile(file: string, sources: readonly ObjectSource[], mask: (text: string) => string): readonly string[] {
  mkdirSync(path.dirname(file), {recursive: true})
  const there = lstatSync(file, {throwIfNoEntry: false})
  const isSpecial = there !== undefined && !there.isFile()
  const written = isSpecial ? file : path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.tmp`)
  const columns = new ObjectColumns()
  try {
    const descriptor = openSync(written, 'w')
    try {
      for (const text of texts(objectsFileForm(file) ?? 'json', sources, mask, columns)) writeSync(descriptor, text)
    } finally {
      closeSync(descriptor)
    }
    if (!isSpecial) renameSync(written, file)
  } catch (error) {
    if (!isSpecial) rmSync(written, {force: true})
    throw error
  }
  return columns.isCut ? [`The file of "objects-file" has only the first ${maxColumns.toLocaleString('en')} columns`] : []
}

function* texts(
  form: ObjectsFileForm,
  sources: readonly ObjectSource[],
  mask: (text: string) => string,
  columns: ObjectColumns
): Iterable<string> {
  switch (form) {
    case 'ndjson':
      for (const row of objectRows(sources, mask)) yield `${rowJson(row)}\n`
      return
    case 'json': {
      let separator = '['
      for (const row of objectRows(sources, mask)) {
        yield `${separator}\n${rowJson(row)}`
        separator = ','
      }
      yield separator === '[' ? '[]\n' : '\n]\n'
      return
    }
    case 'csv':
      // The columns are known only after all rows have been read.
      for (const row of objectRows(sources, mask)) columns.add(row)
      if (columns.names.length === 0) {
        yield 'task,item\n'
        return
      }
      yield csvLine(columns.names)
      for (const row of objectRows(sources, mask)) yield csvLine(columns.cells(row))
      return
    default:
      unreachable(form)
  }
}

const rowJson = (row: ObjectRow): string => renderJson(row as ReadonlyMap<string, Value>)

// RFC 4180, but with `\n` as the line end, as in all other files of the pool.
const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\n`
const csvCell = (text: string): string => (/[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
