import {escapeMarkdown} from '../text/markdown.ts'
import {cut, quotedList} from '../text/quoted.ts'
import {closed} from './open-block.ts'

/** The Markdown that one task wrote. */
export interface NamedSummary {
  /** Name of the task, for the note. */
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
 * Joins the summaries of tasks in declared order, with a blank line between them, within `budget` bytes. A summary that does not fit is left out as a
 * whole and named in a note at the end; a later, smaller one may still fit. A code fence, a comment or a `<details>` that a task left open is closed.
 */
export function mergeSummaries(tasks: readonly NamedSummary[], budget: number): MergedSummaries {
  const pages = tasks.filter(({summary}) => summary.trim() !== '').map(task => new TaskPage(task))
  for (let room = budget; room > 0; ) {
    const {kept, keptBytes, leftOut} = fill(pages, room)
    const text = [...kept, ...note(leftOut)].map(block => `${block}${separator}`).join('')
    const excess = Buffer.byteLength(text) - budget
    if (excess <= 0) return {text: text.slice(0, -1), warnings: fullWarnings(leftOut)}
    room = keptBytes - excess
  }
  return {text: '', warnings: fullWarnings(pages.map(({name}) => name))}
}

function fullWarnings(names: readonly string[]): readonly string[] {
  if (names.length === 0) return []
  const tasks = names.length === 1 ? 'the task' : 'the tasks'
  return [`The job summary is full: what ${tasks} ${quotedList(names)} wrote to GITHUB_STEP_SUMMARY is left out`]
}

const separator = '\n\n'

/**
 * The summary of one task. It is parsed only if there is space for it, because all summaries together may be hundreds of times as long as the page.
 */
class TaskPage {
  readonly name: string
  readonly #text: string
  readonly #leastBytes: number
  #block: string | undefined

  constructor({name, summary}: NamedSummary) {
    this.name = name
    this.#text = withoutLastLineEnds(summary)
    this.#leastBytes = Buffer.byteLength(this.#text) + separator.length
  }

  /** The summary with open blocks closed, and its bytes with the separator; `undefined` if these are more than `room`. */
  within(room: number): {block: string; bytes: number} | undefined {
    if (this.#leastBytes > room) return undefined
    this.#block ??= closed(this.#text)
    const bytes = Buffer.byteLength(this.#block) + separator.length
    return bytes > room ? undefined : {block: this.#block, bytes}
  }
}

interface Filled {
  readonly kept: readonly string[]
  /** Bytes of the kept blocks and their separators. */
  readonly keptBytes: number
  /** The names of the tasks whose blocks do not fit. */
  readonly leftOut: readonly string[]
}

function fill(pages: readonly TaskPage[], room: number): Filled {
  const kept: string[] = []
  const leftOut: string[] = []
  let rest = room
  for (const page of pages) {
    const fitting = page.within(rest)
    if (fitting === undefined) leftOut.push(page.name)
    else {
      kept.push(fitting.block)
      rest -= fitting.bytes
    }
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

// A loop, because a regular expression would retry at each line end in the middle.
function withoutLastLineEnds(text: string): string {
  let end = text.length
  while (text[end - 1] === '\n' || text[end - 1] === '\r') end--
  return text.slice(0, end)
}
