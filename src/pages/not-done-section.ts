import type {RunRecord, TaskRecord} from '../model/event.ts'
import {shownMessage, shownName} from '../report/shown-text.ts'
import {isDone} from '../report/totals.ts'
import {count, joined, verdictText} from '../report/wording.ts'
import type {PageDetail} from './page-detail.ts'

/** Most reasons listed, and most tasks named for each. */
const limits = {reasons: 10, names: 20} as const

/** Tasks that were ended or never ran, by reason. Empty if every task ran to its end. */
export function notDoneSection(record: RunRecord, {nameLength, messageLength}: PageDetail): string {
  const notDone = record.tasks.filter(task => !isDone(task))
  if (notDone.length === 0) return ''
  const ended = byReason(notDone.filter(({verdict}) => verdict.status === 'cancelled'))
  const skipped = byReason(notDone.filter(({verdict}) => verdict.status === 'skipped'))
  const reasons = [
    ...[...ended].map(([reason, tasks]) => ({icon: '⛔', reason: reason === 'cancelled' ? 'cancelled while running' : reason, tasks})),
    ...[...skipped].map(([reason, tasks]) => ({icon: '⏭️', reason, tasks}))
  ]
  const lines = reasons.slice(0, limits.reasons).map(({icon, reason, tasks}) => {
    const names = tasks.slice(0, limits.names).map(({task}) => `**${shownName(task, nameLength)}**`)
    return `- ${icon} ${joined([names.join(', '), more(tasks.length - names.length)], ' ')} · ${shownMessage(reason, messageLength)}`
  })
  const rest = reasons.slice(limits.reasons).reduce((sum, {tasks}) => sum + tasks.length, 0)
  if (rest > 0) lines.push(`- ${count(rest, 'more task')} for other reasons`)
  return ['### Not done', lines.join('\n')].join('\n\n')
}

const more = (number: number): string => (number > 0 ? `and ${number} more` : '')

function byReason(tasks: readonly TaskRecord[]): Map<string, TaskRecord[]> {
  const groups = new Map<string, TaskRecord[]>()
  for (const task of tasks) {
    const reason = verdictText(task.verdict)
    const group = groups.get(reason) ?? []
    group.push(task)
    groups.set(reason, group)
  }
  return groups
}
