import type {RunRecord, Verdict} from '../model/event.ts'
import {count, limitText, verdictText} from './wording.ts'

/** Whether a task never ran because the run was stopped, not for a reason of its own. */
export function isNotStarted({status, reason}: Verdict): boolean {
  return status === 'skipped' && reason !== 'need-did-not-succeed' && reason !== 'no-need-failed'
}

/**
 * `298 tasks not started: the run was cancelled`: one line for each reason the run was stopped. May contain task names. A limit that was reached has
 * a line of its own elsewhere.
 */
export function notStartedLines({tasks, limit}: RunRecord): readonly string[] {
  const told = limit === undefined ? undefined : limitText(limit)
  const counts = new Map<string, number>()
  for (const {verdict} of tasks) {
    if (!isNotStarted(verdict)) continue
    const reason = verdictText(verdict).replace(/^skipped: /, '')
    counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  return [...counts].map(([reason, number]) => `${count(number, 'task')} not started${reason === told ? '' : `: ${reason}`}`)
}
