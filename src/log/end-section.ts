import type {RunRecord, TaskRecord} from '../model/event.ts'
import type {FailureTails} from '../report/failure-tails.ts'
import {notStartedLines} from '../report/not-started.ts'
import {failedTasks, sumOfTaskMs, taskMs, wallMs} from '../report/totals.ts'
import {attemptText, countsText, duration, joined, speedUpText, stopText, verdictText} from '../report/wording.ts'
import {workflowCommand} from '../workflow-commands/workflow-command.ts'
import type {AnnotationLedger} from './annotation-ledger.ts'
import {type RunAnnotations, runAnnotations} from './annotation-lines.ts'
import {type LogStyle, plainLine, plainLines} from './log-text.ts'

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

function annotationsOf(
  record: RunRecord,
  failed: readonly TaskRecord[],
  {annotations: ledger, ...options}: EndSectionOptions
): RunAnnotations {
  if (ledger === undefined) return {ofFailures: [], rest: []}
  return runAnnotations(failed, failed.length === 0 && record.limit !== undefined ? 1 : 0, {...options, ledger})
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
