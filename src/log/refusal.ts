import type {TaskRecord} from '../model/event.ts'
import type {FailureTails} from '../report/failure-tails.ts'
import type {Mask} from '../report/masked-run.ts'
import {count, verdictText} from '../report/wording.ts'
import {codeBlock, escapeMarkdown} from '../text/markdown.ts'
import {annotationLimit} from '../workflow-commands/attempt-annotations.ts'
import {type AnnotationProperties, workflowCommand} from '../workflow-commands/workflow-command.ts'
import type {LogMarkup} from './log-markup.ts'
import {lastLine, lastShownError} from './shown-error.ts'

/** One mistake, with its place if it has one. */
export interface Complaint {
  /** One line. */
  readonly text: string
  /** Shown below the text: the offending line and a caret. */
  readonly excerpt?: string | undefined
  readonly properties?: AnnotationProperties
}

/** How many complaints the log shows. */
const shownLimit = 20

/** How much of a line the page shows, in UTF-16 units. The mistake is named at its beginning, and GitHub shows no page that is too large. */
const longestLine = 2000

/** How a refusal is shown. */
export interface RefusalStyle {
  readonly markup: Pick<LogMarkup, 'line'>
  readonly mask?: Mask | undefined
  /** Whether the first complaints become annotations. */
  readonly annotates: boolean
}

/** The complaint about a failed `tasks-script`: its error or last line, how it ended, and its last lines. */
export function scriptComplaint({task, verdict}: TaskRecord, tails: FailureTails): Complaint {
  const lines = tails.get(task) ?? []
  const error = verdict.reason === 'exit-code' ? (lastShownError(lines) ?? lastLine(lines)) : undefined
  const text = error === undefined ? verdictText(verdict) : `${error.message} (${verdictText(verdict)})`
  return {text: `${task.name}: ${text}`, excerpt: lines.length === 0 ? undefined : lines.join('\n')}
}

/** The log of a run that was refused: all complaints, the first ones as annotations if wanted, and that nothing was run. */
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

/** The log of a merge that was refused: what is wrong, the first ones as annotations if wanted, and that nothing was merged. */
export function renderMergeRefusal(mistakes: readonly string[], style: RefusalStyle): string {
  const complaints = mistakes.map(text => ({text}))
  return renderRefusal(complaints, style).replace(/Nothing was run\.\n$/, 'Nothing was merged.\n')
}

/** The job summary of a merge that was refused. Ends with a line feed. */
export function renderMergeRefusalPage(mistakes: readonly string[]): string {
  const items = mistakes.slice(0, shownLimit).map(text => `- ${escapeMarkdown(cut(text))}`)
  const more = mistakes.length - shownLimit
  return `${['## ❌ Nothing was merged', items.join('\n'), ...(more > 0 ? [`… and ${count(more, 'more mistake')}`] : [])].join('\n\n')}\n`
}

/** The job summary of a run that was refused, or cancelled before it began: why nothing was run. Ends with a line feed. */
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
