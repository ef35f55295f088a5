import type {AttemptEnd} from '../model/event.ts'
import {includesExitCode} from '../model/exit-code.ts'
import type {RetryPolicy} from '../model/task.ts'
import {unreachable} from '../model/unreachable.ts'
import {maxDurationMs} from '../text/duration.ts'

/**
 * Delay before the next attempt, in milliseconds, at most `maxDurationMs`; `undefined` for no further attempt. `attempts`: attempts so far, including
 * the one with this `end`.
 */
export function retryDelay(policy: RetryPolicy, attempts: number, end: AttemptEnd): number | undefined {
  if (attempts > policy.times || !isRetried(policy, end)) return undefined
  // A longer timer would fire at once. Zero stays zero, however large `backoff` has become.
  return policy.delayMs === 0 ? 0 : Math.min(policy.delayMs * policy.backoff ** (attempts - 1), policy.maxDelayMs, maxDurationMs)
}

function isRetried({on}: RetryPolicy, end: AttemptEnd): boolean {
  switch (end.status) {
    case 'success':
    case 'cancelled':
      return false
    case 'timed-out':
      return end.reason === 'timeout' && (on === undefined || on.includes('timeout'))
    case 'failure':
      // No worker can start: the run is over.
      if (end.reason === 'no-worker') return false
      if (on === undefined || on.includes('error')) return true
      return (
        end.reason === 'exit-code' &&
        includesExitCode(
          on.filter(cause => typeof cause === 'number'),
          end.exitCode
        )
      )
    default:
      return unreachable(end)
  }
}
