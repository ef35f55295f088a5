import type {RunRecord, TaskRecord} from '../../model/event.ts'
import {isSuccess} from '../../model/verdict.ts'
import type {Mask} from '../../report/masked-run.ts'
import {isNotStarted, notStartedLines} from '../../report/not-started.ts'
import {isAllowed, isFlaky, taskMs} from '../../report/totals.ts'
import {attemptText, count, duration, joined, sign, verdictText} from '../../report/wording.ts'
import {type Colors, inColorOfSign} from './colors.ts'
import {filled, fitted, widthOf} from './columns.ts'
import {steadyLine} from './printable-text.ts'

/** Most tasks for which each has a line. */
const listedTasks = 50

/** The area of a table. */
export interface TableCanvas {
  /** Columns, from 1. */
  readonly width: number
  readonly colors: Colors
  readonly mask: Mask
}

/**
 * One line for each task's outcome, in declared order. Tasks that never started because the run was stopped are only counted; if there are many
 * tasks, successes and kept tasks are only counted too.
 */
export function resultTable(record: RunRecord, {width, colors, mask}: TableCanvas): readonly string[] {
  const {tasks} = record
  const started = tasks.filter(({verdict}) => !isNotStarted(verdict))
  const shown = tasks.length <= listedTasks ? started : started.filter(record => !isSuccess(record.verdict) || isFlaky(record))
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
  const left = shown === started ? [] : started.filter(record => isSuccess(record.verdict) && !isFlaky(record))
  const kept = left.filter(({verdict}) => verdict.status === 'kept').length
  const counted = [
    ...(left.length === kept ? [] : [`✓ ${count(left.length - kept, 'task')} succeeded`]),
    ...(kept === 0 ? [] : [`✓ ${count(kept, 'task')} kept: not run again`]),
    ...notStartedLines(record).map(line => steadyLine(mask(`${sign('skipped')} ${line}`)))
  ]
  return [...lines, ...counted.map(line => inColorOfSign(fitted(line, width), colors))]
}

function detailsOf(record: TaskRecord): string {
  const {task, verdict, attempts} = record
  const last = attempts.at(-1)
  return joined(
    [
      verdictText(verdict),
      isAllowed(record) ? 'allowed' : undefined,
      isFlaky(record) ? 'flaky' : undefined,
      last && attemptText(task, last)
    ],
    ' · '
  )
}
