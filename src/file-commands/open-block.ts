import MarkdownIt, {type Token} from 'markdown-it'

/** What closes that which a Markdown text leaves open, so that what comes after it is not swallowed. */
export interface OpenAtEnd {
  /** The line that ends a code fence, a comment or another block that holds lines as they are; empty if none is open. */
  readonly closingLine: string
  /** Lines for what a blank line ends in Markdown and not in HTML: a comment below a tag, and `<details>`, which would hide the rest. */
  readonly closingHtml: readonly string[]
}

/** What is open at the end of `markdown`. What is open inside of a list or a quote ends with it. */
export function openAtEnd(markdown: string): OpenAtEnd {
  // Whatever a blank line ends is over before the heading; what is not has taken it in, and is the last block.
  const tokens = tokensOf(`${markdown}\n\n# After`)
  const closingLine = closingLineOf(tokens.at(-1))
  const {details, isInComment} = openHtml(tokens)
  return {
    closingLine,
    closingHtml: [...(isInComment && closingLine !== '-->' ? ['<!-- -->'] : []), ...Array<string>(details).fill('</details>')]
  }
}

/** `markdown`, and below it what closes all that it leaves open. */
export function closed(markdown: string): string {
  const {closingLine, closingHtml} = openAtEnd(markdown)
  return [markdown, ...(closingLine === '' ? [] : [closingLine]), ...closingHtml].join('\n')
}

function tokensOf(markdown: string): readonly Token[] {
  try {
    return blocks.parse(markdown, {})
  } catch (error) {
    // So an expression of the parser ends that is given a tag of several megabytes, which is more than a task can write.
    if (error instanceof RangeError) return []
    throw error
  }
}

// Only blocks are looked for, not what stands in a line; nothing that is open hides in a table, which takes most of the time where there are many.
const blocks = new MarkdownIt({html: true}).disable('table')
blocks.core.ruler.enableOnly(['normalize', 'block'])

// Source: GitHub Flavored Markdown, 4.6 HTML blocks: five kinds that an own sign ends; a blank line ends the others.
const htmlEnds = [
  {start: /^ {0,3}<(?:pre|script|style|textarea)(?:\s|>|$)/i, end: '</pre>'},
  {start: /^ {0,3}<!--/, end: '-->'},
  {start: /^ {0,3}<\?/, end: '?>'},
  {start: /^ {0,3}<!\[CDATA\[/, end: ']]>'},
  {start: /^ {0,3}<!/, end: '>'}
]

function closingLineOf(last: Token | undefined): string {
  if (last?.type === 'fence') return last.markup
  return last?.type === 'html_block' ? (htmlEnds.find(({start}) => start.test(last.content))?.end ?? '') : ''
}

function openHtml(tokens: readonly Token[]): {details: number; isInComment: boolean} {
  let details = 0
  let isInComment = false
  for (const {type, level, content} of tokens) {
    if (type !== 'html_block') continue
    for (const [sign] of content.matchAll(/<!--|-->|<\/?details(?=[\s>])/gi)) {
      if (sign === '-->') isInComment = false
      else if (sign === '<!--') isInComment = true
      // The end of a list or a quote is that of a `<details>` in it.
      else if (!isInComment && level === 0) details = sign.startsWith('</') ? Math.max(0, details - 1) : details + 1
    }
  }
  return {details, isInComment}
}
