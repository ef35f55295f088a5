import type {RunRecord} from '../model/event.ts'
import {unreachable} from '../model/unreachable.ts'
import {changesOf} from '../model/verdict.ts'
import type {ReportedRun} from '../report/masked-run.ts'
import {failedTasks, failingFlakyTasks, isDone, poolUse, runResult, sumOfTaskMs, wallMs} from '../report/totals.ts'
import {count, countsText, duration, flakyFailureText, joined, speedUpText, stopText} from '../report/wording.ts'
import {escapeMarkdown, foldedBlock} from '../text/markdown.ts'
import {allowedSection, failedSection, flakySection} from './failure-sections.ts'
import {notDoneSection} from './not-done-section.ts'
import {objectsSection} from './objects-section.ts'
import {type PageStage, pageStages} from './page-detail.ts'
import {slowestTasks} from './slowest-tasks.ts'
import {tableSection} from './task-table.ts'
import {renderTimeline} from './timeline.ts'

/** Size limit of the summary, in bytes; the runner drops a summary larger than 1 MiB. */
export const summaryBudget = 900 * 1024

/** Which tasks the table of the page has. */
export type ListedTasks = 'all' | 'failures'

/** Limits of a page. */
export interface PageOptions {
  /** Size limit, in bytes. */
  readonly budget?: number
  readonly listed?: ListedTasks
  /** A line of Markdown below the figures; empty for none. */
  readonly note?: string
}

/**
 * Renders the page of a run: the verdict, failed tasks with their last lines, tasks that were not run with the reasons, a table, and a timeline. To
 * stay within the budget it leaves out details, and says so.
 */
export function renderJobSummary(run: ReportedRun, {budget = summaryBudget, listed = 'all', note = ''}: PageOptions = {}): string {
  let text = ''
  for (const stage of pageStages) {
    text = page(run, listed === 'all' ? stage : onlyFailures(stage), note)
    if (Buffer.byteLength(text) <= budget) return text
  }
  return text
}

/** Renders the page of a run and leaves up to half of the budget to the summaries of the tasks. `note`: a line of Markdown below the figures. */
export function renderPage(run: ReportedRun, listed: ListedTasks, note = ''): string {
  const summaries = run.record.tasks.map(task => changesOf(task).summary)
  const ownBytes = summaries.reduce((sum, text) => sum + Buffer.byteLength(text) + 2, 0)
  return renderJobSummary(run, {budget: Math.max(summaryBudget / 2, summaryBudget - ownBytes), listed, note})
}

function onlyFailures({detail, leftOut}: PageStage): PageStage {
  return {detail: {...detail, rows: 'not-succeeded', hasTimeline: false}, leftOut}
}

function page(run: ReportedRun, {detail, leftOut}: PageStage, note: string): string {
  const {record} = run
  const parts = [
    `## ${heading(record)}`,
    figures(record),
    record.limit === undefined ? '' : `❌ ${escapeMarkdown(stopText(record) ?? '')}`,
    escapeMarkdown(prefixed('❌ ', flakyFailureText(record))),
    note,
    leftOut && `> ${leftOut}`,
    failedSection(run, detail),
    flakySection(run, detail),
    allowedSection(run, detail),
    notDoneSection(record, detail),
    detail.failures > 0 ? objectsSection(run.objects) : '',
    slowestTasks(record, detail),
    tableSection(record, detail),
    detail.hasTimeline ? timelineSection(record) : ''
  ]
  return `${parts.filter(part => part !== '').join('\n\n')}\n`
}

const prefixed = (sign: string, text = ''): string => (text === '' ? '' : sign + text)

function heading(record: RunRecord): string {
  const all = record.tasks.length
  const total = count(all, 'task')
  const done = record.tasks.filter(isDone).length
  const result = runResult(record)
  switch (result) {
    case 'success':
      if (all === 0) return '✅ No tasks'
      return done === all ? `✅ ${total} done` : `✅ ${done} of ${total} done`
    case 'failure': {
      const failed = failedTasks(record).length
      if (failed > 0) return `❌ ${failed} of ${total} failed`
      const flaky = record.limit === undefined ? failingFlakyTasks(record).length : 0
      return flaky > 0 ? `❌ ${flaky} of ${total} flaky` : `❌ Stopped, ${total}, ${done === 0 ? 'none' : done} done`
    }
    case 'cancelled':
      return `⛔ Cancelled, ${total}, ${done === 0 ? 'none' : done} done`
    default:
      return unreachable(result)
  }
}

function figures(record: RunRecord): string {
  const speed = speedUpText(record)
  const versions = record.powershells.map(({edition, version}) => escapeMarkdown(`${edition} ${version}`))
  return joined(
    [
      `${countsText(record)} in **${duration(wallMs(record))}**`,
      `sum of tasks ${duration(sumOfTaskMs(record))}`,
      speed && `speed-up **${speed}**`,
      `${record.maxParallel} at a time, ${Math.round(poolUse(record) * 100)} % busy`,
      ...versions
    ],
    ' · '
  )
}

function timelineSection(record: RunRecord): string {
  const timeline = renderTimeline(record)
  if (timeline === undefined) return ''
  const note = timeline.leftOut === undefined ? '' : `${timeline.leftOut}\n\n`
  return foldedBlock('<b>Timeline</b>: what ran when, on which worker', `${note}\`\`\`mermaid\n${timeline.mermaid}\n\`\`\``)
}
