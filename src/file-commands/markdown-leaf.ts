import {attributeEnd} from './html-attribute.ts'

/** A block of Markdown that holds lines as they are until something ends it. Its lines come without what quotes and lists put before them. */
export interface RawBlock {
  readonly endsBefore: (line: string) => boolean
  readonly endsWith: (line: string) => boolean
  /** The line that ends it; empty where a blank line does. */
  readonly closing: string
}

/**
 * The raw block that begins with this line, `over` if it ends with it too, or `undefined`. `inParagraph`: the line would interrupt one, which
 * not every kind can.
 */
export function rawBlockAt(line: string, inParagraph: boolean): RawBlock | 'over' | undefined {
  return fenceAt(line) ?? htmlBlockAt(line, inParagraph)
}

const never = () => false
const isBlank = (line: string) => /^ *$/.test(line)

// Source: GitHub Flavored Markdown, 4.5 Fenced code blocks. What follows backticks must not have any, or they are a code span.
function fenceAt(line: string): RawBlock | undefined {
  const [{length} = '', closing] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? []
  if (closing === undefined || (closing.startsWith('`') && line.includes('`', length))) return undefined
  const endsWith = (later: string) => {
    const marks = /^ {0,3}(`{3,}|~{3,}) *$/.exec(later)?.[1]
    return marks !== undefined && marks[0] === closing[0] && marks.length >= closing.length
  }
  return {endsBefore: never, endsWith, closing}
}

const blockTags: ReadonlySet<string> = new Set(
  `address article aside base basefont blockquote body caption center col colgroup dd details dialog dir div dl dt fieldset figcaption
  figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li link main menu menuitem nav noframes ol optgroup
  option p param section source summary table tbody td tfoot th thead title tr track ul`.split(/\s+/)
)
const textTags = '(?:pre|script|style|textarea)'

// Source: GitHub Flavored Markdown, 4.6 HTML blocks: five kinds that an own sign ends, two that a blank line ends.
const signedHtml = [
  {start: new RegExp(`^ {0,3}<${textTags}(?:\\s|>|$)`, 'i'), end: new RegExp(`</${textTags}>`, 'i'), closing: '</pre>'},
  {start: /^ {0,3}<!--/, end: /-->/, closing: '-->'},
  {start: /^ {0,3}<\?/, end: /\?>/, closing: '?>'},
  {start: /^ {0,3}<![A-Za-z]/, end: />/, closing: '>'},
  {start: /^ {0,3}<!\[CDATA\[/, end: /\]\]>/, closing: ']]>'}
]
const anyTag = /^ {0,3}<\/?([a-z][a-z0-9]*)(?:\s|\/?>|$)/i
const closingTagAlone = /^ {0,3}<\/[a-z][a-z0-9-]*\s*>\s*$/i
const tagName = /^ {0,3}<[a-z][a-z0-9-]*/i
const tagEnd = /\s*\/?>\s*$/y

function isOpeningTagAlone(line: string): boolean {
  let end = tagName.exec(line)?.[0].length
  if (end === undefined) return false
  for (let next = attributeEnd(line, end); next > end; next = attributeEnd(line, end)) end = next
  tagEnd.lastIndex = end
  return tagEnd.test(line)
}

function htmlBlockAt(line: string, inParagraph: boolean): RawBlock | 'over' | undefined {
  const signed = signedHtml.find(({start}) => start.test(line))
  if (signed !== undefined) {
    return signed.end.test(line)
      ? 'over'
      : {endsBefore: never, endsWith: (later: string) => signed.end.test(later), closing: signed.closing}
  }
  const isTag =
    blockTags.has(anyTag.exec(line)?.[1]?.toLowerCase() ?? '') || (!inParagraph && (isOpeningTagAlone(line) || closingTagAlone.test(line)))
  return isTag ? {endsBefore: isBlank, endsWith: never, closing: ''} : undefined
}
