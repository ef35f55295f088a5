import type {Attempt, Kept, LeftProcess, MatchedCause, PoolEvent, RunLimit, RunRecord, Status, TaskRecord, Verdict} from '../model/event.ts'
import type {Task} from '../model/task.ts'
import {unreachable} from '../model/unreachable.ts'
import {firstFailure} from '../model/verdict.ts'
import {cut, maxShownLength, quoted} from '../text/quoted.ts'
import {countByStatus, failingFlakyTasks, flakyTasks, isAllowed, isFailed, speedUp} from './totals.ts'

/** `3.2 s`, `1 min 5 s`, `2 h 3 min`. `ms`: from 0. */
export function duration(ms: number): string {
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** `5 s`, `1.5 s`, `90 ms`: an exact duration, as written by a user. */
export function exactDuration(ms: number): string {
  if (ms % 60_000 === 0) return duration(ms).replace(/ 0 (?:s|min)$/, '')
  return ms < 1000 ? `${ms} ms` : `${ms / 1000} s`
}

/** `1 task`, `3 tasks`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** The sign in front of a task's name. */
export function sign(status: Status): string {
  switch (status) {
    case 'success':
    case 'kept':
      return '✓'
    case 'failure':
    case 'timed-out':
      return '✗'
    case 'cancelled':
    case 'skipped':
      return '⊘'
    default:
      return unreachable(status)
  }
}

/** A verdict in words: `exit code 3`, `timed out after 5 s`, `skipped: test did not succeed`. Empty for exit code 0. */
export function verdictText(verdict: Verdict): string {
  switch (verdict.reason) {
    case 'exit':
      return verdict.exitCode === 0 ? '' : `exit code ${verdict.exitCode}`
    case 'exit-code':
      return verdict.exitCode === 0 ? 'exit code 0, which is not one of its success codes' : `exit code ${verdict.exitCode}`
    case 'killed':
      return `ended by ${verdict.signal}`
    case 'wrong-file':
    case 'worker-lost':
      return verdict.message
    case 'internal':
      return verdict.status === 'failure' ? verdict.message : `${verdict.status === 'skipped' ? 'skipped' : 'ended'}: ${verdict.message}`
    case 'setup-timeout':
      return `skipped: ${setupTimeoutText(verdict.timeoutMs)}`
    case 'not-started':
      return `could not be started: ${verdict.message}`
    case 'timeout':
      return `timed out after ${exactDuration(verdict.timeoutMs)}`
    case 'total-timeout':
      return verdict.status === 'skipped'
        ? `skipped: the total timeout of ${exactDuration(verdict.timeoutMs)} was over`
        : `ended by the total timeout of ${exactDuration(verdict.timeoutMs)}`
    case 'need-did-not-succeed':
      return `skipped: ${verdict.need.name} did not succeed`
    case 'no-need-failed':
      return 'skipped: nothing that it needs has failed'
    case 'fail-fast':
      return `${verdict.status === 'skipped' ? 'skipped: ' : 'ended because '}${failFastText(verdict)}`
    case 'no-worker':
      return verdict.status === 'skipped' ? `skipped: ${failedStartsText(verdict)}` : `could not be started: ${verdict.message}`
    case 'kept':
      return `kept: ${ranAtText(verdict)}`
    case 'cancelled':
      return verdict.status === 'skipped' ? 'skipped: the run was cancelled' : 'cancelled'
    default:
      return unreachable(verdict)
  }
}

function failFastText({cause, failed = 1}: Extract<Verdict, {reason: 'fail-fast'}>): string {
  return failed === 1 ? `${cause.name} failed` : `${count(failed, 'task')} failed, ${cause.name} the last of them`
}

/** `succeeded in the run of 2026-11-30 14:05 UTC`. */
function ranAtText({ranAt}: Kept): string {
  return `succeeded in the run of ${minuteText(ranAt)}`
}

/** `2026-11-30 14:05 UTC`. `ms`: since the epoch. */
export function minuteText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function setupTimeoutText(timeoutMs: number): string {
  return `PowerShell, modules and setup took longer than the ${exactDuration(timeoutMs)} of "setup-timeout"`
}

// The message of the last failed start is shown with its task.
function failedStartsText({failedStarts, cause}: {readonly failedStarts: number; readonly cause: Task}): string {
  return `PowerShell ended ${failedStarts} times in a row before a task began (see ${cause.name})`
}

/** The name of late output: `left by deploy`. */
export function leftName(task: Pick<Task, 'name'> | undefined): string {
  return task === undefined ? 'printed by one of the tasks at isolation thread' : `left by ${task.name}`
}

/** The limit that stopped a run: `the total timeout of 6 s was over`. */
export function limitText(limit: RunLimit): string {
  switch (limit.reason) {
    case 'total-timeout':
      return `the total timeout of ${exactDuration(limit.timeoutMs)} was over`
    case 'no-worker':
      return failedStartsText(limit)
    case 'setup-timeout':
      return setupTimeoutText(limit.timeoutMs)
    case 'internal':
      return limit.message
    default:
      return unreachable(limit)
  }
}

/** Why a run ended early, or which fault it had, such as `the run was stopped: the total timeout of 6 s was over`; `undefined` for neither. */
export function stopText({cancelled, limit}: RunRecord): string | undefined {
  // A fault may be noticed after all tasks have ended, so the run was not stopped.
  if (limit?.reason === 'internal') return limit.message
  if (cancelled) return 'the run was cancelled'
  return limit === undefined ? undefined : `the run was stopped: ${limitText(limit)}`
}

/** One line for each kind of leftover: `left running: node (71)`, `ended: sleep (2847)`. */
export function leftTexts(left: readonly LeftProcess[]): string[] {
  const named = (isEnded: boolean) => left.filter(process => process.isEnded === isEnded).map(({name, pid}) => `${name} (${pid})`)
  const [running, ended] = [named(false), named(true)]
  return [
    ...(running.length === 0 ? [] : [`left running: ${running.join(', ')}`]),
    ...(ended.length === 0 ? [] : [`ended: ${ended.join(', ')}`])
  ]
}

/** The note that follows the late output of processes that tasks left running, once in a log. */
export const pipesClosed =
  'this output is closed now, and writing to it fails: a process that later steps use must redirect its output, for example to a file'

/** `◷ deploy eu · slow: running for 2 min (usually 40.0 s)`. */
export function slowLine({task, afterMs, usualMs}: Extract<PoolEvent, {type: 'task-slow'}>): string {
  const usual = usualMs === undefined ? '' : ` (usually ${duration(usualMs)})`
  return `${slowSign} ${task.name} · slow: running for ${exactDuration(afterMs)}${usual}`
}

/** The sign in front of the name of a slow task that runs. */
export const slowSign = '◷'

/** Tasks named in one line. */
const maxNamed = 5

/** `still ending: build, test and 3 more`. */
export function stillEndingText(tasks: readonly Task[]): string {
  const more = tasks.length - maxNamed
  const names = tasks.slice(0, maxNamed).map(({name}) => name)
  return `still ending: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** `attempt 2 of 3`; `undefined` without retries. */
export function attemptText(task: Task, attempt: Attempt): string | undefined {
  return task.retry.times === 0 ? undefined : `attempt ${attempt.number} of ${task.retry.times + 1}`
}

/** What matched a cause of `retry`: `matched "429"`, or the type or id of an error. */
export function matchedText({kind, text}: MatchedCause): string {
  return kind === 'match' ? `matched ${quoted(text)}` : cut(text, maxShownLength * 2)
}

/** A task's line in the log: `✗ test · exit code 3 (41.0 s, attempt 2 of 2)`. */
export function attemptTitle(task: Task, attempt: Attempt): string {
  const what = [
    `${sign(attempt.end.status)} ${task.name}`,
    verdictText(attempt.end),
    ...(isFailed(attempt.end) && task.continueOnError ? ['allowed'] : [])
  ]
  const details = [duration(attempt.endedAt - attempt.startedAt), attemptText(task, attempt)]
  return `${joined(what, ' · ')} (${joined(details, ', ')})`
}

/** `⊘ deploy · skipped: test did not succeed`. */
export function skippedTitle({task, verdict}: TaskRecord): string {
  return joined([`${sign(verdict.status)} ${task.name}`, verdictText(verdict)], ' · ')
}

/** Why a flaky task failed at first, such as `attempt 1: exit code 1`, with what `retry` matched. Empty for a task that is not flaky. */
export function flakyText({attempts}: TaskRecord): string {
  const failed = firstFailure(attempts)
  if (failed === undefined) return ''
  return joined([`attempt ${failed.number}: ${verdictText(failed.end)}`, failed.matched && matchedText(failed.matched)], ', ')
}

/** Says that flaky tasks fail the run, and how many; `undefined` if they do not. */
export function flakyFailureText(record: RunRecord): string | undefined {
  const failing = failingFlakyTasks(record).length
  return failing === 0 ? undefined : `${count(failing, 'flaky task')} ${failing === 1 ? 'fails' : 'fail'} the run ("flaky" is "fail")`
}

/** `3 succeeded (1 flaky), 1 failed, 1 skipped`, without zeros. `failed` includes timeouts. */
export function countsText(record: RunRecord): string {
  const counts = countByStatus(record.tasks)
  const allowed = record.tasks.filter(isAllowed).length
  const flaky = flakyTasks(record).length
  const parts: [number, string][] = [
    [counts.success, flaky === 0 ? 'succeeded' : `succeeded (${flaky} flaky)`],
    [counts.failure + counts['timed-out'] - allowed, 'failed'],
    [allowed, 'failed (allowed)'],
    [counts.cancelled, 'cancelled'],
    [counts.skipped, 'skipped'],
    [counts.kept, 'kept']
  ]
  const some = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`)
  return some.length === 0 ? 'no tasks' : some.join(', ')
}

/** `1.8x`; `undefined` below 1, when starting PowerShell took longer than parallelism saved. */
export function speedUpText(record: RunRecord): string | undefined {
  const text = speedUp(record).toFixed(1)
  return Number(text) < 1 ? undefined : `${text}x`
}

/** Joins the defined parts with `separator`. */
export function joined(parts: readonly (string | undefined)[], separator: string): string {
  return parts.filter(part => part !== undefined && part !== '').join(separator)
}
