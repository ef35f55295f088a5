import type {TaskRecord} from '../model/event.ts'
import type {ReportedRun} from '../report/masked-run.ts'
import {lastOf, shownMessage, shownName} from '../report/shown-text.ts'
import {failedTasks, isAllowed, taskMs} from '../report/totals.ts'
import {attemptText, count, duration, joined, verdictText} from '../report/wording.ts'
import {codeBlock, foldedBlock} from '../text/markdown.ts'
import type {PageDetail} from './page-detail.ts'

/** Failed tasks that are unfolded; more would push the table off the page. */
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

/** The tasks that failed and were allowed to, folded. Empty if there are none. */
export function allowedSection(run: ReportedRun, detail: PageDetail): string {
  const allowed = run.record.tasks.filter(isAllowed)
  const blocks = allowed.slice(0, detail.failures).map(task => failureBlock(task, run, detail, '⚠️'))
  if (blocks.length === 0) return ''
  return foldedBlock(`⚠️ <b>${count(allowed.length, 'allowed failure')}</b>${firstOf(blocks.length, allowed.length)}`, blocks.join('\n\n'))
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
  const lines = lastOf(tails.get(task) ?? [], detail.tailLines, detail.tailCharacters)
  return lines.length === 0 ? title : `${title}\n\n${codeBlock(lines)}`
}
