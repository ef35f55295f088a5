import type {TaskRecord} from '../model/event.ts'
import type {Task} from '../model/task.ts'
import type {FailureTails} from '../report/failure-tails.ts'
import type {Mask} from '../report/masked-run.ts'
import {count, joined, verdictText} from '../report/wording.ts'
import {type AttemptAnnotations, annotationLimit} from '../workflow-commands/attempt-annotations.ts'
import type {AnnotationType, TaskAnnotation} from '../workflow-commands/interpreter.ts'
import {type AnnotationProperties, workflowCommand} from '../workflow-commands/workflow-command.ts'
import type {AnnotationLedger, LedgerEntry, AnnotationPriority} from './annotation-ledger.ts'
import {oneLine} from './log-text.ts'
import {lastLine, lastShownError, lastSuspiciousLine, pathBelow, type ShownError} from './shown-error.ts'

/** The longest message that the runner keeps, in UTF-16 units. Source: actions/runner, src/Runner.Worker/ExecutionContext.cs. */
const longestMessage = 4096

/** What annotations are made of. */
export interface AnnotationSources {
  readonly ledger: AnnotationLedger
  readonly tails: FailureTails
  readonly mask: Mask
  /** Absolute; places below it are annotated. */
  readonly workspace: string
}

/** The annotations of a run, as lines of its log. */
export interface RunAnnotations {
  /** For each of the failed tasks, in their order, what stands below it; nothing for those past the limit. */
  readonly ofFailures: readonly (readonly string[])[]
  /** What else tasks asked for, each part below a heading. */
  readonly rest: readonly string[]
}

/**
 * The annotations of a run within the runner's limit for each type: first one error for each failed task, then what failed tasks asked for
 * besides, then what the others did. Of what does not fit the last one of its type tells how much it is. `given`: errors of the run itself.
 */
export function runAnnotations(failed: readonly TaskRecord[], given: number, sources: AnnotationSources): RunAnnotations {
  const {ledger} = sources
  const causes = failed.slice(0, annotationLimit).map(record => causeOf(record, sources))
  const used = new Set(causes.flatMap(({own}) => own ?? []))
  const errors = ledger.count('error', 'failed') + ledger.count('error', 'other')
  const fits = given + failed.length + errors - used.size <= annotationLimit
  const ofFailures = causes.map(({line}) => [line])
  if (causes.length === annotationLimit && !fits) {
    // The last of them gives way to the count, and what it would have said counts as left out.
    used.delete(causes.at(-1)?.own as TaskAnnotation)
    ofFailures.splice(-1, 1, [leftOutFailures(failed.length - annotationLimit + 1, errors - used.size)])
  }
  const rest = (['error', 'warning', 'notice'] as const).map(type =>
    choose(ledger, type, {used, places: annotationLimit - (type === 'error' ? given + causes.length : 0)})
  )
  return {
    ofFailures,
    rest: [
      ...section(
        'Also reported by tasks that failed:',
        rest.flatMap(({failed}) => failed),
        sources
      ),
      ...section(
        headingOfOthers(rest.flatMap(({other}) => other)),
        rest.flatMap(({other}) => other),
        sources
      ),
      ...rest.flatMap(({leftOut}) => leftOut)
    ]
  }
}

function leftOutFailures(failures: number, errors: number): string {
  const parts = [`${count(failures, 'more task')} failed`, errors > 0 ? `tasks reported ${count(errors, 'error')}` : undefined]
  return workflowCommand('error', `${joined(parts, ', ')}; the log and the summary name them`, {title: 'pwsh-pool'})
}

/** What a failed task is annotated by. `own`: the annotation of the task that it is. */
interface Cause {
  readonly line: string
  readonly own?: TaskAnnotation | undefined
}

function causeOf({task, verdict}: TaskRecord, {ledger, tails, mask, workspace}: AnnotationSources): Cause {
  const text = verdictText(verdict)
  // Any other end is the cause itself: what a task said before it timed out is not.
  if (verdict.reason === 'exit-code' || verdict.reason === 'killed') {
    const annotations = ledger.ofFailure(task)
    const own = annotations?.first('error').find(({properties}) => properties.has('file'))
    if (own !== undefined) return {line: commandOf({task, annotation: own}, mask), own}
    const error = shownErrorOf(tails.get(task) ?? [], annotations, mask)
    if (error !== undefined) {
      const properties = annotatedPlace(error.place, workspace)
      const asked = annotations?.first('error').findLast(({message}) => error.message.endsWith(firstLine(mask(message))?.message ?? '\n'))
      return {line: workflowCommand('error', messageOf(task, `${error.message} (${text})`, mask), properties), own: asked}
    }
  }
  const title = oneLine(mask(task.name))
  return {
    // The runner masks messages and not titles: a line of a script is no title.
    line: task.isNamedByScript ? workflowCommand('error', `${title}: ${mask(text)}`) : workflowCommand('error', mask(text), {title})
  }
}

/** What a task showed of what went wrong. `tail`: its last lines. */
function shownErrorOf(tail: readonly string[], annotations: AttemptAnnotations | undefined, mask: Mask): ShownError | undefined {
  const lines = tail.map(mask)
  const own = mask(annotations?.first('error').at(-1)?.message ?? '')
  return lastShownError(lines) ?? firstLine(own) ?? lastLine((annotations?.endOfStandardError ?? []).map(mask)) ?? lastSuspiciousLine(lines)
}

const firstLine = (text: string): ShownError | undefined => lastLine(text.split(/\r\n|\n|\r/, 1))

// The file that a worker runs is gone with it.
const ofWorker = /[\\/]workers[\\/]worker-\d+[\\/]/

function annotatedPlace(place: ShownError['place'], workspace: string): AnnotationProperties {
  const file = place === undefined || ofWorker.test(place.file) ? undefined : pathBelow(place.file, workspace)
  return file === undefined ? {} : {file, line: place?.line}
}

/** Which annotations of a type are given besides those of failures. */
function choose(ledger: AnnotationLedger, type: AnnotationType, {used, places}: {used: ReadonlySet<TaskAnnotation>; places: number}) {
  const isFree = ({annotation}: LedgerEntry) => !used.has(annotation)
  const entries: Readonly<Record<AnnotationPriority, readonly LedgerEntry[]>> = {
    failed: ledger.first(type, 'failed').filter(isFree),
    other: ledger.first(type, 'other')
  }
  const total = ledger.count(type, 'failed') + ledger.count(type, 'other') - (type === 'error' ? used.size : 0)
  const room = total <= places ? places : Math.max(0, places - 1)
  const failed = entries.failed.slice(0, room)
  const other = entries.other.slice(0, room - failed.length)
  const left = total - failed.length - other.length
  const leftOut =
    left > 0 && places > 0
      ? [workflowCommand(type, `${count(left, `more ${type}`)} of tasks; the log has them all`, {title: 'pwsh-pool'})]
      : []
  return {failed, other, leftOut}
}

function headingOfOthers(entries: readonly LedgerEntry[]): string {
  return entries.some(({task}) => task.continueOnError)
    ? 'Reported by tasks that did not fail the run:'
    : 'Reported by tasks that succeeded:'
}

// The runner's log has no titles, so that an annotation there would be of whatever stands above it.
function section(heading: string, entries: readonly LedgerEntry[], {mask}: AnnotationSources): string[] {
  return entries.length === 0 ? [] : ['', heading, ...entries.map(entry => commandOf(entry, mask))]
}

function messageOf(task: Task, text: string, mask: Mask): string {
  return `${oneLine(mask(task.name))}: ${text}`.slice(0, longestMessage)
}

function commandOf({task, annotation}: LedgerEntry, mask: Mask): string {
  const {type, message, properties} = annotation
  const text = (name: string) => {
    const value = properties.get(name)
    return value === undefined ? undefined : mask(value)
  }
  const number = (name: string) => {
    const value = properties.get(name) ?? ''
    return /^\d{1,9}$/.test(value) ? Number(value) : undefined
  }
  const place: AnnotationProperties = {
    title: text('title'),
    file: text('file'),
    line: number('line'),
    endLine: number('endline'),
    col: number('col'),
    endColumn: number('endcolumn')
  }
  return workflowCommand(type, messageOf(task, mask(message), mask), place)
}
