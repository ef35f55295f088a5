import {annotationLimit} from '../task-command/attempt-annotations.ts'
import {type AnnotationProperties, workflowCommand} from '../workflow-command.ts'
import type {LogMarkup} from './log-markup.ts'
import {count} from './wording.ts'

/** One thing that is wrong, with its place where it has one. */
export interface Complaint {
  /** One line. */
  readonly text: string
  /** Shown under the text: the offending line and a caret. */
  readonly excerpt?: string | undefined
  readonly properties?: AnnotationProperties
}

/** How many complaints the log shows. */
const shownLimit = 20

/** How a refusal is told. */
export interface RefusalStyle {
  readonly markup: Pick<LogMarkup, 'line'>
  /** Whether complaints are annotations. */
  readonly annotates: boolean
}

/** What is said of a run that was refused: all that is wrong at once, the first of them as annotations if they are to be, and that nothing was run. */
export function renderRefusal(complaints: readonly Complaint[], {markup, annotates}: RefusalStyle): string {
  const shown = complaints
    .slice(0, shownLimit)
    .flatMap(({text, excerpt, properties}, position) => [
      annotates && position < annotationLimit ? workflowCommand('error', text, properties) : markup.line(text),
      ...(excerpt === undefined ? [] : excerpt.split('\n').map(line => markup.line(`    ${line}`)))
    ])
  const more = complaints.length - shownLimit
  const rest = more > 0 ? [`… and ${count(more, 'more mistake')}`] : []
  return `${[...shown, ...rest, 'Nothing was run.'].join('\n')}\n`
}
