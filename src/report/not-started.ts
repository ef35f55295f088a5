import type {RunRecord, Verdict} from '../model/event.ts'
import {count, limitText, verdictText} from './wording.ts'

/** Whether a task never ran because the run was stopped, not because of its own conditions. */
export function isNotStarted({status, reason}: Verdict): boolean {
  return status === 'skipped' && reason !== 'need-did-not-succeed' && reason !== 'no-need-failed'
}

/**
 * One line for each reason why the run was stopped, such as `298 tasks not started: the run was cancelled`. May contain task names. The line does not
 * repeat the limit that was reached, which is shown elsewhere.
 */
export function notStartedLines({tasks, limit}: RunRecord): readonly string[] {
  const limitReason = limit === undefined ? undefined : limitText(limit)
  const counts = new Map<string, number>()
  for (const {verdict} of tasks) {
    if (!isNotStarted(verdict)) continue
    const reason = verdictText(verdict).replace(/^skipped: /, '')
    counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  return [...counts].map(([reason, number]) => `${count(number, 'task')} not started${reason === limitReason ? '' : `: ${reason}`}`)
}
