import type {Task} from '../model/task.ts'
import {widthOf} from './terminal/columns.ts'
import {printableLine} from './terminal/printable-text.ts'

/** The tasks as lines of text, in declared order: the id, the name, and the needed ids of each. Empty if there are no tasks. */
export function renderTaskListing(tasks: readonly Task[]): string {
  const rows = tasks.map(({id, name, needs}) => [
    id,
    printableLine(name, false),
    needs.length === 0 ? '' : `needs ${needs.map(need => need.id).join(', ')}`
  ])
  const widths = [0, 1].map(column => rows.reduce((widest, row) => Math.max(widest, widthOf(row[column] ?? '')), 0))
  return rows
    .map(
      row =>
        `${row
          .map((cell, column) => padded(cell, widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`
    )
    .join('')
}

const padded = (cell: string, width: number): string => cell + ' '.repeat(Math.max(0, width - widthOf(cell)))
