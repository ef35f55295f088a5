import {annotationLimit} from '../report/step-log.ts'
import {count} from '../report/wording.ts'
import {type AnnotationProperties, withoutCommands, workflowCommand} from '../workflow-command.ts'

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

/**
 * The log of a run that was refused: all that is wrong at once, the first of them as annotations unless nothing is to be annotated, and that
 * nothing was run.
 */
export function renderRefusal(complaints: readonly Complaint[], annotates = true): string {
  const shown = complaints
    .slice(0, shownLimit)
    .flatMap(({text, excerpt, properties}, position) => [
      annotates && position < annotationLimit ? workflowCommand('error', text, properties) : withoutCommands(text),
      ...(excerpt === undefined ? [] : excerpt.split('\n').map(line => withoutCommands(`    ${line}`)))
    ])
  const more = complaints.length - shownLimit
  const rest = more > 0 ? [`… and ${count(more, 'more mistake')}`] : []
  return `${[...shown, ...rest, 'Nothing was run.'].join('\n')}\n`
}
