import type {TaskRecord} from '../model/event.ts'
import type {Task} from '../model/task.ts'
import type {FailureTails} from '../report/failure-tails.ts'
import type {Mask} from '../report/masked-run.ts'
import {count, joined, verdictText} from '../report/wording.ts'
import {lineEnd} from '../text/line-ends.ts'
import {type AttemptAnnotations, annotationLimit} from '../workflow-commands/attempt-annotations.ts'
import type {AnnotationType, TaskAnnotation} from '../workflow-commands/interpreter.ts'
import {type AnnotationProperties, workflowCommand} from '../workflow-commands/workflow-command.ts'
import type {AnnotationLedger, AnnotationPriority, LedgerEntry} from './annotation-ledger.ts'
import {oneLine} from './log-text.ts'
import {lastLine, lastShownError, lastSuspiciousLine, pathBelow, type ShownError} from './shown-error.ts'

/** The longest message that the runner keeps, in UTF-16 units. Source: actions/runner, src/Runner.Worker/ExecutionContext.cs. */
const longestMessage = 4096

/** Where annotations come from. */
export interface AnnotationSources {
  readonly ledger: AnnotationLedger
  readonly tails: FailureTails
  readonly mask: Mask
  /** Absolute; only files below it are named in annotations. */
  readonly workspace: string
}

/** The annotations of a run, as lines of the log. */
export interface RunAnnotations {
  /** The lines below each failed task, in the order of the tasks; none past the limit. */
  readonly ofFailures: readonly (readonly string[])[]
  /** The other annotations, in sections with a heading. */
  readonly rest: readonly string[]
}

/**
 * The annotations of a run within the runner's limit for each type: one error for each failed task, then the other annotations of failed tasks, then
 * those of all other tasks. If some do not fit, the last one of its type says how many are left out. `given`: how many the run itself issues.
 */
export function runAnnotations(
  failed: readonly TaskRecord[],
  given: Readonly<Record<'error' | 'warning', number>>,
  sources: AnnotationSources
): RunAnnotations {
  const {ledger} = sources
  const causes = failed.slice(0, annotationLimit).map(record => causeOf(record, sources))
  const used = new Set(causes.flatMap(({own}) => own ?? []))
  const errors = ledger.count('error', 'failed') + ledger.count('error', 'other')
  const fits = given.error + failed.length + errors - used.size <= annotationLimit
  const ofFailures = causes.map(({line}) => [line])
  if (causes.length === annotationLimit && !fits) {
    // The last one is replaced by the count, and counts as left out itself.
    used.delete(causes.at(-1)?.own as TaskAnnotation)
    ofFailures.splice(-1, 1, [leftOutFailures(failed.length - annotationLimit + 1, errors - used.size)])
  }
  const placesTaken = {error: given.error + causes.length, warning: given.warning, notice: 0}
  const rest = (['error', 'warning', 'notice'] as const).map(type =>
    choose(ledger, type, {used, places: annotationLimit - placesTaken[type]})
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

/** The annotation of a failed task. `own`: the task's own annotation that it repeats. */
interface Cause {
  readonly line: string
  readonly own?: TaskAnnotation | undefined
}

function causeOf({task, verdict}: TaskRecord, {ledger, tails, mask, workspace}: AnnotationSources): Cause {
  const text = verdictText(verdict)
  // After a timeout or a cancel, what the task printed before is not the cause.
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
    // The runner masks messages but not titles, so a name that comes from script text must not be a title.
    line: task.isNamedByScript ? workflowCommand('error', `${title}: ${mask(text)}`) : workflowCommand('error', mask(text), {title})
  }
}

/** The error that a task printed. `tail`: its last lines. */
function shownErrorOf(tail: readonly string[], annotations: AttemptAnnotations | undefined, mask: Mask): ShownError | undefined {
  const lines = tail.map(mask)
  const own = mask(annotations?.first('error').at(-1)?.message ?? '')
  return lastShownError(lines) ?? firstLine(own) ?? lastLine((annotations?.endOfStandardError ?? []).map(mask)) ?? lastSuspiciousLine(lines)
}

const firstLine = (text: string): ShownError | undefined => lastLine(text.split(lineEnd, 1))

// The script file that a worker runs is removed with its folder.
const ofWorker = /[\\/]workers[\\/]worker-\d+[\\/]/

function annotatedPlace(place: ShownError['place'], workspace: string): AnnotationProperties {
  const file = place === undefined || ofWorker.test(place.file) ? undefined : pathBelow(place.file, workspace)
  return file === undefined ? {} : {file, line: place?.line}
}

/** Chooses the annotations of a type beyond the one error for each failed task. */
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

// The runner's log shows no titles, so without a heading an annotation would seem to belong to the line above it.
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
