import {escapeMarkdown} from '../text/markdown.ts'
import {cut, quotedList} from '../text/quoted.ts'
import {closingLine} from './open-block.ts'

/** The Markdown that one task wrote. */
export interface NamedSummary {
  /** The task's, for the note. */
  readonly name: string
  readonly summary: string
}

/** The summaries of all tasks as one text. */
export interface MergedSummaries {
  readonly text: string
  /** A sentence about summaries that were left out, for readers of the log; empty if none were. */
  readonly warnings: readonly string[]
}

/**
 * The summaries of tasks, in declared order, a blank line between, within `budget` bytes. One that does not fit is left out whole, and a
 * note at the end names it; a smaller one after it is kept. A code fence or a comment that a task left open is closed.
 */
export function mergeSummaries(tasks: readonly NamedSummary[], budget: number): MergedSummaries {
  const blocks = tasks.map(({name, summary}) => ({name, block: closed(summary)})).filter(({block}) => block !== '')
  const sized = blocks.map(({name, block}) => ({name, block, bytes: Buffer.byteLength(block) + separator.length}))
  for (let room = budget; room > 0; ) {
    const {kept, keptBytes, leftOut} = fill(sized, room)
    const text = [...kept, ...note(leftOut)].map(block => `${block}${separator}`).join('')
    const excess = Buffer.byteLength(text) - budget
    if (excess <= 0) return {text: text.slice(0, -1), warnings: fullWarnings(leftOut)}
    room = keptBytes - excess
  }
  return {text: '', warnings: fullWarnings(blocks.map(({name}) => name))}
}

function fullWarnings(names: readonly string[]): readonly string[] {
  if (names.length === 0) return []
  const tasks = names.length === 1 ? 'the task' : 'the tasks'
  return [`The job summary is full: what ${tasks} ${quotedList(names)} wrote to GITHUB_STEP_SUMMARY is left out`]
}

const separator = '\n\n'

interface SizedBlock {
  readonly name: string
  readonly block: string
  /** With the separator. */
  readonly bytes: number
}

interface Filled {
  readonly kept: readonly string[]
  /** With their separators. */
  readonly keptBytes: number
  /** The names of the tasks whose blocks do not fit. */
  readonly leftOut: readonly string[]
}

function fill(blocks: readonly SizedBlock[], room: number): Filled {
  const kept: string[] = []
  const leftOut: string[] = []
  let rest = room
  for (const {name, block, bytes} of blocks) {
    if (bytes <= rest) {
      kept.push(block)
      rest -= bytes
    } else leftOut.push(name)
  }
  return {kept, keptBytes: room - rest, leftOut}
}

const maxNames = 10
const maxNameLength = 100

function note(names: readonly string[]): readonly string[] {
  if (names.length === 0) return []
  const shown = names.slice(0, maxNames).map(name => `**${escapeMarkdown(cut(name, maxNameLength))}**`)
  const more = names.length > maxNames ? ` and ${names.length - maxNames} more` : ''
  return [`> Left out because the page is full: the ${names.length === 1 ? 'summary' : 'summaries'} of ${shown.join(', ')}${more}.`]
}

function closed(summary: string): string {
  if (summary.trim() === '') return ''
  const text = withoutLastLineEnds(summary)
  const closing = closingLine(text)
  return closing === '' ? text : `${text}\n${closing}`
}

// A loop: a regular expression would retry at each line end in the middle.
function withoutLastLineEnds(text: string): string {
  let end = text.length
  while (text[end - 1] === '\n' || text[end - 1] === '\r') end--
  return text.slice(0, end)
}
