import type {RunRecord, TaskRecord} from '../event.ts'
import type {Mask} from '../report/masked-run.ts'
import {isAllowed, taskMs} from '../report/totals.ts'
import {attemptText, count, duration, joined, sign, verdictText} from '../report/wording.ts'
import {type Colors, inColorOfSign} from './colors.ts'
import {filled, fitted, widthOf} from './columns.ts'
import {steadyLine} from './printable-text.ts'

/** Up to how many tasks a table has a line for each of them. */
const listedTasks = 50

/** What a table is drawn on. */
export interface TableCanvas {
  /** Columns, from 1. */
  readonly width: number
  readonly colors: Colors
  readonly mask: Mask
}

/** What became of each task, a line for each, in declared order. Of many tasks those that succeeded are counted only. */
export function resultTable({tasks}: RunRecord, {width, colors, mask}: TableCanvas): readonly string[] {
  const shown = tasks.length <= listedTasks ? tasks : tasks.filter(({verdict}) => verdict.status !== 'success')
  const rows = shown.map(record => ({
    name: steadyLine(mask(`${sign(record.verdict.status)} ${record.task.name}`)),
    time: record.attempts.length === 0 ? '' : duration(taskMs(record)),
    text: steadyLine(mask(detailsOf(record)))
  }))
  const nameWidth = Math.min(Math.floor(width * 0.5), Math.max(0, ...rows.map(({name}) => widthOf(name))))
  const timeWidth = Math.max(0, ...rows.map(({time}) => time.length))
  const lines = rows.map(({name, time, text}) => {
    const line = `${filled(name, nameWidth)}  ${time.padStart(timeWidth)}  ${text}`
    return inColorOfSign(fitted(line.trimEnd(), width), colors)
  })
  const left = tasks.length - shown.length
  return left === 0 ? lines : [...lines, inColorOfSign(fitted(`✓ ${count(left, 'task')} succeeded`, width), colors)]
}

function detailsOf(record: TaskRecord): string {
  const {task, verdict, attempts} = record
  const last = attempts.at(-1)
  return joined([verdictText(verdict), isAllowed(record) ? 'allowed' : undefined, last && attemptText(task, last)], ' · ')
}
