import type {TaskRecord} from '../model/event.ts'
import type {FailureTails} from '../report/failure-tails.ts'
import type {Mask} from '../report/masked-run.ts'
import {count, verdictText} from '../report/wording.ts'
import {codeBlock, escapeMarkdown} from '../text/markdown.ts'
import {annotationLimit} from '../workflow-commands/attempt-annotations.ts'
import {type AnnotationProperties, workflowCommand} from '../workflow-commands/workflow-command.ts'
import type {LogMarkup} from './log-markup.ts'
import {lastLine, lastShownError} from './shown-error.ts'

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

/** How much of a line the page has, in UTF-16 units: what is wrong stands at its beginning, and a page must not grow too large to be shown. */
const longestLine = 2000

/** How a refusal is told. */
export interface RefusalStyle {
  readonly markup: Pick<LogMarkup, 'line'>
  readonly mask?: Mask | undefined
  /** Whether complaints are annotations. */
  readonly annotates: boolean
}

/** What is said of a script that was to make the list and did not: the error that it showed, or its last line, and how it ended, with its last lines. */
export function scriptComplaint({task, verdict}: TaskRecord, tails: FailureTails): Complaint {
  const lines = tails.get(task) ?? []
  const error = verdict.reason === 'exit-code' ? (lastShownError(lines) ?? lastLine(lines)) : undefined
  const text = error === undefined ? verdictText(verdict) : `${error.message} (${verdictText(verdict)})`
  return {text: `${task.name}: ${text}`, excerpt: lines.length === 0 ? undefined : lines.join('\n')}
}

/** What is said of a run that was refused: all that is wrong at once, the first of them as annotations if they are to be, and that nothing was run. */
export function renderRefusal(complaints: readonly Complaint[], {markup, annotates, mask = text => text}: RefusalStyle): string {
  const shown = complaints
    .slice(0, shownLimit)
    .flatMap(({text, excerpt, properties}, position) => [
      annotates && position < annotationLimit ? workflowCommand('error', mask(text), properties) : markup.line(mask(text)),
      ...(excerpt === undefined ? [] : excerpt.split('\n').map(line => markup.line(`    ${mask(line)}`)))
    ])
  const more = complaints.length - shownLimit
  const rest = more > 0 ? [`… and ${count(more, 'more mistake')}`] : []
  return `${[...shown, ...rest, 'Nothing was run.'].join('\n')}\n`
}

/** The page of a run that was refused, or cancelled before it began: why nothing was run. Ends with a line feed. */
export function renderRefusalPage(complaints: readonly Complaint[], isCancelled: boolean, mask: Mask = text => text): string {
  const line = (text: string) => cut(mask(text))
  const items = complaints.slice(0, shownLimit).map(({text, excerpt}) => {
    const block = excerpt === undefined ? [] : ['', ...codeBlock(excerpt.split('\n').map(line)).split('\n')]
    return [`- ${escapeMarkdown(line(text))}`, ...block.map(blockLine => (blockLine === '' ? '' : `  ${blockLine}`))].join('\n')
  })
  const more = complaints.length - shownLimit
  const rest = more > 0 ? [`… and ${count(more, 'more mistake')}`] : []
  return `${[isCancelled ? '## ⛔ Cancelled, nothing was run' : '## ❌ Nothing was run', items.join('\n'), ...rest].join('\n\n')}\n`
}

const cut = (text: string): string => (text.length > longestLine ? `${text.slice(0, longestLine)}…` : text)
