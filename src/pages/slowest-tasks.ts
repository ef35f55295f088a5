import type {RunRecord, TaskRecord} from '../model/event.ts'
import type {Task} from '../model/task.ts'
import {shownName} from '../report/shown-text.ts'
import {isDone, taskMs} from '../report/totals.ts'
import {duration, joined} from '../report/wording.ts'
import {percentChange} from '../text/percent-change.ts'
import type {PageDetail} from './page-detail.ts'

/** Most tasks that are named. */
const named = 5

/**
 * The tasks that took longest, the slowest first; each success with its change against the median of its recorded durations. Empty if it would repeat
 * the table of tasks (few tasks, none with a limit or a recorded duration), and on a page of failures.
 */
export function slowestTasks({tasks}: RunRecord, {nameLength, rows}: PageDetail): string {
  const ran = tasks.filter(record => isDone(record) && record.attempts.length > 0)
  const isWanted = ran.length > named || ran.some(({task}) => task.recorded !== undefined || hasLimit(task))
  if (rows !== 'all' || !isWanted) return ''
  const slowest = ran.toSorted((a, b) => taskMs(b) - taskMs(a)).slice(0, named)
  const texts = slowest.map(record =>
    joined([`**${shownName(record.task, nameLength)}** ${duration(taskMs(record))}`, changeText(record)], ' ')
  )
  return `Slowest: ${texts.join(' · ')}`
}

const hasLimit = ({slow}: Task): boolean => slow !== undefined && ('times' in slow || slow.ms > 0)

// Only successful attempts are recorded, so only a success can be compared.
function changeText({task, verdict, attempts}: TaskRecord): string | undefined {
  const last = attempts.at(-1)
  if (task.recorded === undefined || last === undefined || verdict.status !== 'success') return undefined
  const {medianMs} = task.recorded
  return `(recorded ${joined([duration(medianMs), percentChange(last.endedAt - last.startedAt, medianMs)], ', ')})`
}
