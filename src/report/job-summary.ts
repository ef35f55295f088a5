import type {RunRecord, Status, TaskRecord} from '../event.ts'
import {codeBlock, escapeMarkdown, table} from '../markdown.ts'
import {unreachable} from '../unreachable.ts'
import type {FailureTails} from './failure-tails.ts'
import {failedTasks, isAllowed, runResult, speedUp, sumOfTaskMs, taskMs, wallMs} from './totals.ts'
import {attemptText, count, countsText, duration, joined, verdictText} from './wording.ts'

/** What the summary may weigh, in bytes; the runner drops one of more than 1 MiB whole. */
export const summaryBudget = 900 * 1024

/**
 * The page of a run: the verdict, the failed tasks with their last lines, a table of all. Over `budget` bytes it leaves out, in this order
 * and saying so, the last lines, the tasks that succeeded, and all but the first failed tasks.
 */
export function renderJobSummary(record: RunRecord, tails: FailureTails, budget: number = summaryBudget): string {
  const stages = [
    () => page(record, failures(record, tails), allTasks(record.tasks)),
    () => page(record, failures(record, new Map()), allTasks(record.tasks), 'The last lines of failed tasks are in the log.'),
    () => page(record, '', notSucceeded(record), 'Only tasks that did not succeed are listed; the report has all.'),
    () => page(record, '', firstFailed(record), 'Only the first failed tasks are listed; the report has all.')
  ]
  const pages = stages.values()
  let text = ''
  for (const render of pages) {
    text = render()
    if (Buffer.byteLength(text) <= budget) return text
  }
  return page(record, '', '', 'The tasks are not listed; the report has all.')
}

function page(record: RunRecord, failed: string, tasks: string, note = ''): string {
  return `${[`## ${heading(record)}`, figures(record), failed, tasks, note && `> ${note}`].filter(part => part !== '').join('\n\n')}\n`
}

function heading(record: RunRecord): string {
  const total = count(record.tasks.length, 'task')
  const result = runResult(record)
  switch (result) {
    case 'success':
      return record.tasks.length === 0 ? '✅ No tasks' : `✅ ${total} done`
    case 'failure':
      return `❌ ${failedTasks(record).length} of ${total} failed`
    case 'cancelled':
      return `⛔ Cancelled, ${total}`
    default:
      return unreachable(result)
  }
}

function figures(record: RunRecord): string {
  const versions = record.powershells.map(({edition, version}) => `${edition} ${version}`)
  return joined(
    [
      `${countsText(record)} in **${duration(wallMs(record))}**`,
      `sum of tasks ${duration(sumOfTaskMs(record))}`,
      `speed-up **${speedUp(record).toFixed(1)}x**`,
      `${record.maxParallel} at a time`,
      ...versions
    ],
    ' · '
  )
}

function failures(record: RunRecord, tails: FailureTails): string {
  const failed = failedTasks(record)
  if (failed.length === 0) return ''
  return ['### Failed', ...failed.map(task => failure(task, tails.get(task.task) ?? []))].join('\n\n')
}

function failure(record: TaskRecord, tail: readonly string[]): string {
  const last = record.attempts.at(-1)
  const title = joined(
    [
      `**✗ ${escapeMarkdown(record.task.name)}**`,
      escapeMarkdown(verdictText(record.verdict)),
      duration(taskMs(record)),
      last && attemptText(record.task, last)
    ],
    ' · '
  )
  return tail.length === 0 ? title : `${title}\n\n${codeBlock(tail)}`
}

function allTasks(tasks: readonly TaskRecord[]): string {
  if (tasks.length === 0) return ''
  const rows = tasks.map(record => [
    icon(record.verdict.status, isAllowed(record)),
    escapeMarkdown(record.task.name),
    resultText(record),
    record.attempts.length === 0 ? '' : duration(taskMs(record)),
    record.attempts.length === 0 ? '' : String(record.attempts.length)
  ])
  return `### All tasks\n\n${table(['', 'Task', 'Result', 'Time', 'Attempts'], rows)}`
}

function resultText(record: TaskRecord): string {
  const text = escapeMarkdown(verdictText(record.verdict)) || 'succeeded'
  return isAllowed(record) ? `${text} (allowed)` : text
}

function icon(status: Status, allowed: boolean): string {
  switch (status) {
    case 'success':
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

const notSucceeded = (record: RunRecord): string => allTasks(record.tasks.filter(({verdict}) => verdict.status !== 'success'))
const firstFailed = (record: RunRecord): string => allTasks(failedTasks(record).slice(0, 500))
