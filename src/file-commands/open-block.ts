import MarkdownIt, {type Token} from 'markdown-it'

/** The text that closes the blocks that a Markdown text leaves open, so that they do not swallow what follows. */
export interface OpenAtEnd {
  /** The line that closes a code fence, a comment or another verbatim block; empty if none is open. */
  readonly closingLine: string
  /** Lines that close what a blank line ends in Markdown but not in HTML: a comment below a tag, and `<details>`, which would hide the rest. */
  readonly closingHtml: readonly string[]
}

/** The blocks that are open at the end of `markdown`. Blocks inside a list or a quote end with it. */
export function openAtEnd(markdown: string): OpenAtEnd {
  // A block that a blank line ends is closed before the heading; a block that is still open contains the heading and is the last token.
  const tokens = tokensOf(`${markdown}\n\n# After`)
  const closingLine = closingLineOf(tokens.at(-1))
  const {details, isInComment} = openHtml(tokens)
  return {
    closingLine,
    closingHtml: [...(isInComment && closingLine !== '-->' ? ['<!-- -->'] : []), ...Array<string>(details).fill('</details>')]
  }
}

/** `markdown`, followed by what closes its open blocks. */
export function closed(markdown: string): string {
  const {closingLine, closingHtml} = openAtEnd(markdown)
  return [markdown, ...(closingLine === '' ? [] : [closingLine]), ...closingHtml].join('\n')
}

function tokensOf(markdown: string): readonly Token[] {
  try {
    return blocks.parse(markdown, {})
  } catch (error) {
    // A regular expression of the parser throws this for a tag of several megabytes, which is more than a task can write.
    if (error instanceof RangeError) return []
    throw error
  }
}

// Only block tokens are needed, not inline ones. Tables hold no open blocks, and a large number of them takes most of the time.
const blocks = new MarkdownIt({html: true}).disable('table')
blocks.core.ruler.enableOnly(['normalize', 'block'])

// Source: GitHub Flavored Markdown, 4.6 HTML blocks. Five kinds have an end sign of their own; a blank line ends the others.
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
      // A list or a quote also ends a `<details>` inside it.
      else if (!isInComment && level === 0) details = sign.startsWith('</') ? Math.max(0, details - 1) : details + 1
    }
  }
  return {details, isInComment}
}
