import type {AttemptEnd, MatchedCause} from '../model/event.ts'
import {includesExitCode} from '../model/exit-code.ts'
import type {TaskError} from '../model/process-end.ts'
import type {RetryCause, RetryPolicy} from '../model/task.ts'
import {maxDurationMs} from '../text/duration.ts'
import {compilePattern} from '../text/pattern.ts'
import {cut} from '../text/quoted.ts'

/** Longest kept part of a matched text, in UTF-16 units. */
const maxMatchedText = 1000

/** What a retry policy looks at in a failed attempt. */
export interface FailedAttempt {
  /** Attempts so far, including this one. */
  readonly number: number
  readonly end: AttemptEnd
  /** The end of the output, one text for each stream, masked and without colors; empty if no cause has `match`. */
  readonly printed: readonly string[]
  /** The error that ended it; `undefined` if there was none or no cause has `exception`. */
  readonly error: TaskError | undefined
}

/** Whether another attempt follows, and what caused the decision. */
export interface RetryDecision {
  /** Delay before the next attempt, in milliseconds, at most `maxDurationMs`; `undefined` for no further attempt. */
  readonly delayMs: number | undefined
  /** The text or error that matched; `undefined` if the decision does not depend on one. */
  readonly matched: MatchedCause | undefined
}

/** Decides whether another attempt follows; `not` takes precedence over `on`. `random`: from 0 to less than 1, for `jitter`. */
export function decideRetry(policy: RetryPolicy, attempt: FailedAttempt, random: () => number = Math.random): RetryDecision {
  if (attempt.number > policy.times || !mayBeRetried(attempt.end)) return {delayMs: undefined, matched: undefined}
  const against = firstFound(policy.not, attempt)
  if (against !== undefined) return {delayMs: undefined, matched: matchedBy('not', against)}
  const delayMs = retryDelay(policy, attempt.number, random)
  if (policy.on === undefined) return {delayMs, matched: undefined}
  const inFavor = firstFound(policy.on, attempt)
  return inFavor === undefined ? {delayMs: undefined, matched: undefined} : {delayMs, matched: matchedBy('on', inFavor)}
}

function retryDelay({delayMs, backoff, maxDelayMs, jitter}: RetryPolicy, attempts: number, random: () => number): number {
  // Zero remains zero, however large the factor is.
  if (delayMs === 0) return 0
  // Node fires a timer with a longer delay at once.
  const longest = Math.min(delayMs * backoff ** (attempts - 1), maxDelayMs, maxDurationMs)
  return jitter ? Math.round(longest * (0.5 + random() / 2)) : longest
}

function mayBeRetried({status, reason}: AttemptEnd): boolean {
  // `no-worker` means that no worker can start at all, so the run is over.
  return (status === 'failure' && reason !== 'no-worker') || reason === 'timeout'
}

/** The result for a cause that applies; `text` is what matched. */
type Found = {readonly kind: MatchedCause['kind']; readonly text: string} | 'plain'

function firstFound(causes: readonly RetryCause[], attempt: FailedAttempt): Found | undefined {
  for (const cause of causes) {
    const found = findCause(cause, attempt)
    if (found !== undefined) return found
  }
  return undefined
}

function findCause(cause: RetryCause, {end, printed, error}: FailedAttempt): Found | undefined {
  if (cause === 'timeout') return end.status === 'timed-out' ? 'plain' : undefined
  if (cause === 'worker-lost') return end.reason === 'worker-lost' ? 'plain' : undefined
  if (cause === 'error') return end.status === 'failure' && end.reason !== 'worker-lost' ? 'plain' : undefined
  if (typeof cause === 'number') return end.reason === 'exit-code' && includesExitCode([cause], end.exitCode) ? 'plain' : undefined
  if ('exception' in cause) {
    const name = error === undefined ? undefined : errorName(cause.exception, error)
    return name === undefined ? undefined : {kind: 'exception', text: name}
  }
  const pattern = compilePattern(cause.match)
  if (!pattern.ok) throw new Error(`Internal error: the pattern ${cause.match} was not checked`)
  for (const text of printed) {
    const match = pattern.value.find(text)
    if (match !== undefined) return {kind: 'match', text: cut(match, maxMatchedText)}
  }
  return undefined
}

function matchedBy(list: MatchedCause['list'], found: Found): MatchedCause | undefined {
  return found === 'plain' ? undefined : {list, ...found}
}

/**
 * The type or id of `error` that matches `name`, without regard to case; `undefined` if neither does. `name` is the full name of a type that `catch`
 * would match, its last parts without the namespace, or the FullyQualifiedErrorId with or without the command after its comma.
 */
function errorName(name: string, {types, id}: TaskError): string | undefined {
  const wanted = name.toLowerCase()
  const type = types.find(known => known.toLowerCase() === wanted || known.toLowerCase().endsWith(`.${wanted}`))
  if (type !== undefined) return type
  return id.toLowerCase() === wanted || id.split(',', 1)[0]?.toLowerCase() === wanted ? name : undefined
}
