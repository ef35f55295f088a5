import type {RunRecord, TaskRecord} from '../model/event.ts'
import type {FailureTails} from '../report/failure-tails.ts'
import {notStartedLines} from '../report/not-started.ts'
import {failedTasks, flakyTasks, sumOfTaskMs, taskMs, wallMs} from '../report/totals.ts'
import {
  attemptText,
  count,
  countsText,
  duration,
  flakyFailureText,
  flakyText,
  joined,
  speedUpText,
  stopText,
  verdictText
} from '../report/wording.ts'
import {workflowCommand} from '../workflow-commands/workflow-command.ts'
import type {AnnotationLedger} from './annotation-ledger.ts'
import {type RunAnnotations, runAnnotations} from './annotation-lines.ts'
import {type LogStyle, oneLine, plainLine, plainLines} from './log-text.ts'

/** What the end of the log needs. */
export interface EndSectionOptions extends LogStyle {
  readonly tails: FailureTails
  /** The annotations that tasks asked for; `undefined` if there are to be no annotations. */
  readonly annotations: AnnotationLedger | undefined
  /** Absolute; annotations name only files below it. */
  readonly workspace: string
}

/** How many failures are shown with their last lines. The others have theirs in their blocks. */
const shownTails = 100

/** The end of the log, outside all blocks: tasks that did not start, all failures again, annotations, counts. Whole lines. */
export function endSection(record: RunRecord, options: EndSectionOptions): string {
  const failed = failedTasks(record)
  const {ofFailures, rest} = annotationsOf(record, failed, options)
  const lines = [
    ...notStartedLines(record).map(line => plainLine(line, options)),
    ...(failed.length === 0 ? [] : ['', `Failed: ${failed.length} of ${record.tasks.length}`]),
    ...failed.flatMap((task, position) => [...failureLines(task, position, options), ...(ofFailures[position] ?? [])]),
    ...(failed.length > shownTails ? [`Last lines are shown of the first ${shownTails} of them.`] : []),
    ...stopLines(record, failed.length, options),
    ...flakyLines(record, failed.length, options),
    ...rest,
    totalsLine(record)
  ]
  return `${lines.join('\n')}\n`
}

/** Says that a limit of the run was reached; as an error annotation if no failed task has one. */
function stopLines(record: RunRecord, failures: number, options: EndSectionOptions): string[] {
  const text = record.limit === undefined ? undefined : stopText(record)
  if (text === undefined) return []
  if (failures > 0 || options.annotations === undefined) return ['', ...plainLines(`✗ ${text}`, options)]
  return ['', ...plainLines(`✗ ${text}`, options), workflowCommand('error', text, {title: 'pwsh-pool'})]
}

/** The most flaky tasks with a line each, and the most that the warning names. */
const flakyLimits = {lines: 100, names: 5} as const

/** The flaky tasks, and one annotation for all of them. */
function flakyLines(record: RunRecord, failures: number, options: EndSectionOptions): string[] {
  const flaky = flakyTasks(record)
  if (flaky.length === 0) return []
  const {lines} = flakyLimits
  const failing = flakyFailureText(record)
  const title = (task: TaskRecord) => joined([`✓ ${task.task.name}`, lastAttemptText(task), flakyText(task)], ' · ')
  const type = options.annotations === undefined ? undefined : flakyAnnotationType(record, failures)
  return [
    '',
    `Flaky: ${flaky.length} of ${record.tasks.length}`,
    ...flaky.slice(0, lines).flatMap(task => plainLines(title(task), options)),
    ...(flaky.length > lines ? [`${flaky.length - lines} more succeeded after a failed attempt; the report has all.`] : []),
    ...(failing === undefined ? [] : [`✗ ${failing}`]),
    ...(type === undefined ? [] : [workflowCommand(type, joined([failing, flakyWarning(flaky, options)], ': '), {title: 'pwsh-pool'})])
  ]
}

function flakyWarning(flaky: readonly TaskRecord[], {mask}: EndSectionOptions): string {
  const {names} = flakyLimits
  const named = flaky.slice(0, names).map(({task}) => oneLine(mask(task.name)))
  const more = flaky.length > names ? ` and ${flaky.length - names} more` : ''
  return `${count(flaky.length, 'task')} succeeded only after a failed attempt: ${named.join(', ')}${more}`
}

/** The type of the one annotation for flaky tasks: an error if they fail the run and nothing else does. */
function flakyAnnotationType(record: RunRecord, failures: number): 'error' | 'warning' | undefined {
  if (record.flaky === 'pass' || flakyTasks(record).length === 0) return undefined
  return flakyFailureText(record) !== undefined && failures === 0 && record.limit === undefined ? 'error' : 'warning'
}

function lastAttemptText({task, attempts}: TaskRecord): string | undefined {
  const last = attempts.at(-1)
  return last && attemptText(task, last)
}

function annotationsOf(
  record: RunRecord,
  failed: readonly TaskRecord[],
  {annotations: ledger, ...options}: EndSectionOptions
): RunAnnotations {
  if (ledger === undefined) return {ofFailures: [], rest: []}
  const ofFlaky = flakyAnnotationType(record, failed.length)
  const ofLimit = failed.length === 0 && record.limit !== undefined ? 1 : 0
  const given = {error: ofLimit + (ofFlaky === 'error' ? 1 : 0), warning: ofFlaky === 'warning' ? 1 : 0}
  return runAnnotations(failed, given, {...options, ledger})
}

/** The last line of a run: `1 succeeded, 1 failed in 44.2 s (sum of tasks 44.2 s, speed-up 1.0x)`. */
export function totalsLine(record: RunRecord): string {
  const speed = speedUpText(record)
  const sum = joined([`sum of tasks ${duration(sumOfTaskMs(record))}`, speed && `speed-up ${speed}`], ', ')
  return `${countsText(record)} in ${duration(wallMs(record))} (${sum})`
}

function failureLines(record: TaskRecord, position: number, options: EndSectionOptions): string[] {
  const {task, verdict, attempts} = record
  const {tails, mask, markup} = options
  const last = attempts.at(-1)
  const title = [`✗ ${task.name}`, verdictText(verdict), duration(taskMs(record)), last && attemptText(task, last)]
  const tail = (position < shownTails ? (tails.get(task) ?? []) : []).map(line => markup.line(`    ${mask(line)}`))
  return [...plainLines(joined(title, ' · '), options), ...tail]
}
