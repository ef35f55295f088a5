import type {ObjectPreview} from '../objects/object-preview.ts'
import {count} from '../report/wording.ts'
import {escapeMarkdown, table} from '../text/markdown.ts'
import {cut} from '../text/quoted.ts'

/** Most columns, and most UTF-16 units of a cell. */
const limits = {columns: 12, cell: 100} as const

/** The first objects that tasks emitted, as a table. Empty if no task kept any. */
export function objectsSection(preview: ObjectPreview | undefined): string {
  if (preview === undefined) return ''
  const {columns, rows, leftOut} = preview
  const shown = columns.slice(0, limits.columns)
  const notes = [
    rows.length < preview.count ? `The first ${rows.length} of ${count(preview.count, 'object')}` : count(preview.count, 'object'),
    ...(shown.length < columns.length ? [`${count(columns.length - shown.length, 'more column')} of these not shown`] : []),
    ...(leftOut === 0 ? [] : [`${count(leftOut, 'more object')} left out for ${leftOut === 1 ? 'its' : 'their'} size`])
  ]
  const text = (cell: string) => escapeMarkdown(cut(cell, limits.cell))
  const parts = ['### Objects', `${notes.join('; ')}.`]
  if (rows.length > 0) {
    parts.push(
      table(
        shown.map(name => ({head: text(name)})),
        rows.map(cells => cells.slice(0, shown.length).map(text))
      )
    )
  }
  return parts.join('\n\n')
}
