import type {TaskRecord} from '../model/event.ts'
import type {ReportedRun} from '../report/masked-run.ts'
import {lastOf, shownMessage, shownName} from '../report/shown-text.ts'
import {failedTasks, flakyTasks, isAllowed, taskMs} from '../report/totals.ts'
import {attemptText, count, duration, flakyText, joined, verdictText} from '../report/wording.ts'
import {codeBlock, foldedBlock} from '../text/markdown.ts'
import type {PageDetail} from './page-detail.ts'

/** Most failed tasks that are unfolded; more would push the table off the page. */
const openFailures = 20

/** The tasks that failed the run, each with its last lines; those after the first `openFailures` folded. Empty if there are none. */
export function failedSection(run: ReportedRun, detail: PageDetail): string {
  const failed = failedTasks(run.record)
  const blocks = failed.slice(0, detail.failures).map(task => failureBlock(task, run, detail, '❌'))
  if (blocks.length === 0) return ''
  const [open, folded] = [blocks.slice(0, openFailures), blocks.slice(openFailures)]
  const left = failed.length - blocks.length
  return [
    '### Failed',
    ...open,
    ...(folded.length === 0 ? [] : [foldedBlock(`<b>${count(folded.length, 'more failed task')}</b>`, folded.join('\n\n'))]),
    ...(left === 0 ? [] : [`${left} more failed without their last lines here; the table names them.`])
  ].join('\n\n')
}

/** The tasks whose failure was allowed, folded. Empty if there are none. */
export function allowedSection(run: ReportedRun, detail: PageDetail): string {
  const allowed = run.record.tasks.filter(isAllowed)
  const blocks = allowed.slice(0, detail.failures).map(task => failureBlock(task, run, detail, '⚠️'))
  if (blocks.length === 0) return ''
  return foldedBlock(`⚠️ <b>${count(allowed.length, 'allowed failure')}</b>${firstOf(blocks.length, allowed.length)}`, blocks.join('\n\n'))
}

/** The tasks that succeeded after a failed attempt, each with the last lines of the first one. Empty if there are none. */
export function flakySection(run: ReportedRun, detail: PageDetail): string {
  const flaky = flakyTasks(run.record)
  const blocks = flaky.slice(0, detail.failures).map(task => flakyBlock(task, run, detail))
  if (blocks.length === 0) return ''
  const [open, folded] = [blocks.slice(0, openFailures), blocks.slice(openFailures)]
  const left = flaky.length - blocks.length
  return [
    '### Flaky',
    'They succeeded after an attempt that failed. Its last lines:',
    ...open,
    ...(folded.length === 0 ? [] : [foldedBlock(`<b>${count(folded.length, 'more flaky task')}</b>`, folded.join('\n\n'))]),
    ...(left === 0 ? [] : [`${left} more without their lines here; the report has all.`])
  ].join('\n\n')
}

function flakyBlock(record: TaskRecord, {tails}: ReportedRun, detail: PageDetail): string {
  const {task, attempts} = record
  const last = attempts.at(-1)
  const title = [
    `🔁 **${shownName(task, detail.nameLength)}**`,
    last && attemptText(task, last),
    shownMessage(flakyText(record), detail.messageLength)
  ]
  return withLines(joined(title, ' · '), tails.get(task) ?? [], detail)
}

const firstOf = (shown: number, all: number): string => (shown < all ? `, the first ${shown}` : '')

function failureBlock(record: TaskRecord, {tails}: ReportedRun, detail: PageDetail, icon: string): string {
  const {task, verdict, attempts} = record
  const last = attempts.at(-1)
  const title = joined(
    [
      `${icon} **${shownName(task, detail.nameLength)}**`,
      shownMessage(verdictText(verdict), detail.messageLength),
      duration(taskMs(record)),
      last && attemptText(task, last)
    ],
    ' · '
  )
  return withLines(title, tails.get(task) ?? [], detail)
}

function withLines(title: string, tail: readonly string[], {tailLines, tailCharacters}: PageDetail): string {
  const lines = lastOf(tail, tailLines, tailCharacters)
  return lines.length === 0 ? title : `${title}\n\n${codeBlock(lines)}`
}
