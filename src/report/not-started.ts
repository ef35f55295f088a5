import type {RunRecord, Verdict} from '../model/event.ts'
import {count, limitText, verdictText} from './wording.ts'

/** Whether a task never ran because the run was stopped, and not for a reason of its own. */
export function isNotStarted({status, reason}: Verdict): boolean {
  return status === 'skipped' && reason !== 'need-did-not-succeed' && reason !== 'no-need-failed'
}

/**
 * `298 tasks not started: the run was cancelled`: a line for each reason that the run was stopped for. May hold names of tasks. A limit that was
 * reached is told by the line that says so.
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
