import {type RawBlock, rawBlockAt} from './markdown-leaf.ts'

/**
 * The line that closes what a Markdown text leaves open, a code fence or a comment, so that what comes after it is not swallowed; empty if
 * nothing is. What is open inside of a list or a quote ends with it, and a line too many would open something anew, so this follows the
 * structure of blocks. Source: GitHub Flavored Markdown, appendix "A parsing strategy", phase 1.
 */
export function closingLine(markdown: string): string {
  let state: State = {containers: [], leaf: 'none'}
  for (const line of markdown.split(/\r\n|\n|\r/)) state = afterLine(state, withoutTabs(line))
  return state.containers.length > 0 || typeof state.leaf === 'string' ? '' : state.leaf.closing
}

/** A quote, or a list item with how far its content is indented, and whether it has had none so far. */
type Container = {readonly kind: 'quote'} | {readonly kind: 'item'; readonly indent: number; readonly isEmpty: boolean}

interface State {
  /** From the outermost. */
  readonly containers: readonly Container[]
  /** What the last line belongs to, inside of all of them. */
  readonly leaf: 'none' | 'paragraph' | RawBlock
}

function afterLine({containers, leaf}: State, line: string): State {
  const continued = continueContainers(containers, line)
  const isInAll = continued.containers.length === containers.length
  if (typeof leaf !== 'string' && isInAll && !leaf.endsBefore(continued.rest)) {
    return {containers: continued.containers, leaf: leaf.endsWith(continued.rest) ? 'none' : leaf}
  }
  const inParagraph = leaf === 'paragraph'
  const opened = openContainers(continued.rest, inParagraph && isInAll, maxDepth - continued.containers.length)
  if (inParagraph && !isInAll && opened.containers.length === 0 && isParagraphText(opened.rest)) return {containers, leaf}
  return {
    containers: [...continued.containers, ...opened.containers],
    leaf: leafAt(opened.rest, inParagraph && isInAll && opened.containers.length === 0)
  }
}

// A paragraph goes on without the signs of what it is in; an underline that makes it a heading needs them.
function isParagraphText(line: string): boolean {
  return leafAt(line, true) === 'paragraph' || /^ {0,3}=+ *$/.test(line)
}

interface Matched {
  readonly containers: readonly Container[]
  readonly rest: string
}

function continueContainers(containers: readonly Container[], line: string): Matched {
  const kept: Container[] = []
  let rest = line
  for (const container of containers) {
    const prefix = prefixLength(container, rest)
    if (prefix === undefined) break
    rest = rest.slice(prefix)
    kept.push(container.kind === 'item' ? {...container, isEmpty: false} : container)
  }
  return {containers: kept, rest}
}

function prefixLength(container: Container, line: string): number | undefined {
  if (container.kind === 'quote') return quoteSign.exec(line)?.[0].length
  if (isBlank(line)) return container.isEmpty ? undefined : Math.min(container.indent, line.length)
  return indentOf(line) >= container.indent ? container.indent : undefined
}

// Each level looks at the whole line: without a limit, a line of a million signs would take forever.
const maxDepth = 50

function openContainers(line: string, inParagraph: boolean, maxContainers: number): Matched {
  const containers: Container[] = []
  let rest = line
  while (containers.length < maxContainers) {
    const quote = quoteSign.exec(rest)
    const found = quote === null ? itemAt(rest, inParagraph && containers.length === 0) : ({kind: 'quote'} as const)
    if (found === undefined) break
    containers.push(found)
    rest = rest.slice(found.kind === 'quote' ? quote?.[0].length : found.indent)
  }
  return {containers, rest}
}

function itemAt(line: string, inParagraph: boolean): Container | undefined {
  const found = thematicBreak.test(line) ? null : /^( {0,3}(?:[-+*]|(\d{1,9})[.)]))( *)/.exec(line)
  if (found === null) return undefined
  const [{length}, marker = '', number, spaces = ''] = found
  const isEmpty = length === line.length
  if (!isEmpty && spaces === '') return undefined
  if (inParagraph && (isEmpty || (number !== undefined && Number(number) !== 1))) return undefined
  return {kind: 'item', indent: marker.length + (isEmpty || spaces.length > 4 ? 1 : spaces.length), isEmpty}
}

function leafAt(line: string, inParagraph: boolean): State['leaf'] {
  if (isBlank(line)) return 'none'
  if (indentOf(line) >= 4) return inParagraph ? 'paragraph' : 'none'
  const raw = rawBlockAt(line, inParagraph)
  if (raw !== undefined) return raw === 'over' ? 'none' : raw
  const isHeading = /^ {0,3}#{1,6}(?: |$)/.test(line) || (inParagraph && /^ {0,3}(?:=+|-+) *$/.test(line))
  return isHeading || thematicBreak.test(line) ? 'none' : 'paragraph'
}

const quoteSign = /^ {0,3}> ?/
const thematicBreak = /^ {0,3}(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$/
const isBlank = (line: string) => /^ *$/.test(line)
const indentOf = (line: string) => /^ */.exec(line)?.[0].length ?? 0

function withoutTabs(line: string): string {
  if (!line.includes('\t')) return line
  let text = ''
  for (const character of line) text += character === '\t' ? ' '.repeat(4 - (text.length % 4)) : character
  return text
}
