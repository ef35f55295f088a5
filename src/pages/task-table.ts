import type {RunRecord, Status, TaskRecord} from '../model/event.ts'
import {unreachable} from '../model/unreachable.ts'
import {isSuccess} from '../model/verdict.ts'
import {shownMessage, shownName} from '../report/shown-text.ts'
import {isAllowed, isFlaky, taskMs} from '../report/totals.ts'
import {count, duration, joined, verdictText} from '../report/wording.ts'
import {type Column, foldedBlock, table} from '../text/markdown.ts'
import type {PageDetail} from './page-detail.ts'

/** Most rows for which the table is unfolded. */
const openRows = 50

/** The tasks in declared order as a table, folded if it is long. Empty if there are no tasks to show. */
export function tableSection(record: RunRecord, detail: PageDetail): string {
  const {rows, maxRows} = detail
  const all = rows === 'all' ? record.tasks : record.tasks.filter(({verdict}) => !isSuccess(verdict))
  const shown = all.slice(0, maxRows)
  if (shown.length === 0) return ''
  const text = taskTable(shown, detail)
  if (shown.length <= openRows) return `### ${rows === 'all' ? 'All tasks' : 'Tasks that did not succeed'}\n\n${text}`
  const first = shown.length < all.length ? `The first ${shown.length} of ` : ''
  const noun = rows === 'all' ? count(all.length, 'task') : `${count(all.length, 'task')} that did not succeed`
  return foldedBlock(`<b>${first === '' && rows === 'all' ? 'All ' : first}${noun}</b>`, text)
}

interface TaskColumn extends Column {
  readonly cell: (record: TaskRecord) => string
}

function taskTable(tasks: readonly TaskRecord[], {nameLength, messageLength}: PageDetail): string {
  const wasRetried = tasks.some(({attempts}) => attempts.length > 1)
  const columns: TaskColumn[] = [
    {head: '', cell: record => icon(record.verdict.status, isAllowed(record))},
    {head: 'Task', cell: ({task}) => shownName(task, nameLength)},
    {head: 'Result', cell: record => resultText(record, messageLength)},
    {head: 'Time', isNumber: true, cell: ran(record => duration(taskMs(record)))},
    ...(wasRetried ? [{head: 'Attempts', isNumber: true, cell: ran(({attempts}) => String(attempts.length))}] : []),
    {head: 'Worker', isNumber: true, cell: ran(({attempts}) => [...new Set(attempts.map(({worker}) => worker))].join(', '))}
  ]
  return table(
    columns,
    tasks.map(record => columns.map(({cell}) => cell(record)))
  )
}

const ran =
  (cell: (record: TaskRecord) => string) =>
  (record: TaskRecord): string =>
    record.attempts.length === 0 ? '' : cell(record)

function resultText(record: TaskRecord, messageLength: number): string {
  const text = joined(
    [
      record.verdict.status === 'success' ? 'succeeded' : '',
      isFlaky(record) ? 'flaky' : '',
      shownMessage(verdictText(record.verdict), messageLength)
    ],
    ', '
  )
  return isAllowed(record) ? `${text} (allowed)` : text
}

function icon(status: Status, allowed: boolean): string {
  switch (status) {
    case 'success':
    case 'kept':
      return '✅'
    case 'failure':
    case 'timed-out':
      return allowed ? '⚠️' : '❌'
    case 'cancelled':
      return '⛔'
    case 'skipped':
      return '⏭️'
    default:
      return unreachable(status)
  }
}
