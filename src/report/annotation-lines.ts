import type {Task} from '../task.ts'
import {annotationLimit} from '../task-command/attempt-annotations.ts'
import type {AnnotationType} from '../task-command/interpreter.ts'
import {type AnnotationProperties, workflowCommand} from '../workflow-command.ts'
import type {AnnotationLedger, LedgerEntry} from './annotation-ledger.ts'
import type {Mask} from './masked-run.ts'
import {count, joined} from './wording.ts'

/** The longest message that the runner keeps, in UTF-16 units. Source: actions/runner, src/Runner.Worker/ExecutionContext.cs. */
const longestMessage = 4096

/**
 * The annotations that tasks asked for, as commands: within the runner's limit for each type, the last of them for all that are left.
 * `failures`: errors that the run has already given for failed tasks.
 */
export function annotationLines(ledger: AnnotationLedger, failures: number, mask: Mask): string[] {
  return [
    ...linesOf(ledger, {type: 'error', taken: failures}, mask),
    ...linesOf(ledger, {type: 'warning', taken: 0}, mask),
    ...linesOf(ledger, {type: 'notice', taken: 0}, mask)
  ]
}

/**
 * The error of a failed task, by its position among the failures; nothing past the limit. `name` is one line, and masked as `text` is. The
 * runner masks messages and not titles: a line of a script is no title.
 */
export function failureAnnotation(
  {isNamedByScript}: Task,
  name: string,
  text: string,
  {position, failures, errors}: FailurePlace
): string[] {
  if (position >= annotationLimit) return []
  if (position < annotationLimit - 1 || failures + errors <= annotationLimit)
    return [isNamedByScript ? workflowCommand('error', `${name}: ${text}`) : workflowCommand('error', text, {title: name})]
  const rest = [`${count(failures - position, 'more task')} failed`, errors > 0 ? `tasks reported ${count(errors, 'error')}` : undefined]
  return [workflowCommand('error', `${joined(rest, ', ')}; the log and the summary name them`, {title: 'pwsh-pool'})]
}

/** Where a failure stands among the errors of a run. */
export interface FailurePlace {
  /** From 0. */
  readonly position: number
  readonly failures: number
  /** That tasks asked for themselves. */
  readonly errors: number
}

function linesOf(ledger: AnnotationLedger, {type, taken}: {type: AnnotationType; taken: number}, mask: Mask): string[] {
  const total = ledger.count(type)
  const places = Math.max(0, annotationLimit - taken)
  if (total === 0 || places === 0) return []
  if (total <= places) return ledger.first(type).map(entry => commandOf(entry, mask))
  const shown = ledger.first(type).slice(0, places - 1)
  const rest = `${count(total - shown.length, `more ${type}`)} of tasks; the log has them all`
  return [...shown.map(entry => commandOf(entry, mask)), workflowCommand(type, rest, {title: 'pwsh-pool'})]
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
    title: text('title') ?? (task.isNamedByScript ? undefined : mask(task.name)),
    file: text('file'),
    line: number('line'),
    endLine: number('endline'),
    col: number('col'),
    endColumn: number('endcolumn')
  }
  return workflowCommand(type, mask(message).slice(0, longestMessage), place)
}
