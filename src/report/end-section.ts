import type {RunRecord, TaskRecord} from '../event.ts'
import {annotationLimit} from '../task-command/attempt-annotations.ts'
import {workflowCommand} from '../workflow-command.ts'
import type {AnnotationLedger} from './annotation-ledger.ts'
import {annotationLines, failureAnnotation} from './annotation-lines.ts'
import type {FailureTails} from './failure-tails.ts'
import {type LogStyle, oneLine, plainLines} from './log-text.ts'
import {failedTasks, speedUp, sumOfTaskMs, taskMs, wallMs} from './totals.ts'
import {attemptText, countsText, duration, joined, stopText, verdictText} from './wording.ts'

/** What the end of a log is made of. */
export interface EndSectionOptions extends LogStyle {
  readonly tails: FailureTails
  /** What tasks asked to be annotated; `undefined` where nobody is to annotate anything. */
  readonly annotations: AnnotationLedger | undefined
}

/** How many failures are shown with their last lines; those of the others are in their blocks. */
const shownTails = 100

/** The end of the log, outside all blocks: every failure once more, then annotations, then the counts. Whole lines. */
export function endSection(record: RunRecord, options: EndSectionOptions): string {
  const {annotations, mask} = options
  const failed = failedTasks(record)
  const lines = [
    ...(failed.length === 0 ? [] : ['', `Failed: ${failed.length} of ${record.tasks.length}`]),
    ...failed.flatMap((task, position) => failureLines(task, {position, failures: failed.length}, options)),
    ...(failed.length > shownTails ? [`Last lines are shown of the first ${shownTails} of them.`] : []),
    ...stopLines(record, failed.length, options),
    ...(annotations === undefined
      ? []
      : annotationLines(annotations, Math.min(failed.length || stopAnnotations(record), annotationLimit), mask)),
    totalsLine(record)
  ]
  return `${lines.join('\n')}\n`
}

/** That a limit of the run was reached; as an error where no task's failure is one. */
function stopLines(record: RunRecord, failures: number, options: EndSectionOptions): string[] {
  const text = record.limit === undefined ? undefined : stopText(record)
  if (text === undefined) return []
  if (failures > 0 || options.annotations === undefined) return ['', ...plainLines(`✗ ${text}`, options)]
  return ['', ...plainLines(`✗ ${text}`, options), workflowCommand('error', text, {title: 'pwsh-pool'})]
}

const stopAnnotations = ({limit}: RunRecord): number => (limit === undefined ? 0 : 1)

/** The last line of a run: `1 succeeded, 1 failed in 44.2 s (sum of tasks 44.2 s, speed-up 1.0x)`. */
export function totalsLine(record: RunRecord): string {
  const sum = `sum of tasks ${duration(sumOfTaskMs(record))}, speed-up ${speedUp(record).toFixed(1)}x`
  return `${countsText(record)} in ${duration(wallMs(record))} (${sum})`
}

function failureLines(record: TaskRecord, place: {position: number; failures: number}, options: EndSectionOptions): string[] {
  const {task, verdict, attempts} = record
  const {tails, annotations, mask, markup} = options
  const last = attempts.at(-1)
  const title = [`✗ ${task.name}`, verdictText(verdict), duration(taskMs(record)), last && attemptText(task, last)]
  const tail = (place.position < shownTails ? (tails.get(task) ?? []) : []).map(line => markup.line(`    ${mask(line)}`))
  const name = oneLine(mask(task.name))
  const annotation =
    annotations === undefined
      ? []
      : failureAnnotation(task, name, mask(verdictText(verdict)), {...place, errors: annotations.count('error')})
  return [...plainLines(joined(title, ' · '), options), ...tail, ...annotation]
}
