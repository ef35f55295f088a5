import {withoutEscapeSequences} from './plain-text.ts'

/**
 * Escapes plain text for a heading, paragraph or table cell: every ASCII punctuation character becomes an HTML entity, so none can begin a tag, link,
 * cell, emphasis or mention. Control characters become spaces.
 */
export function escapeMarkdown(text: string): string {
  return printable(text)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[!-+:-@[-`{-~]/g, character => `&#${character.charCodeAt(0)};`)
    .replace(/^([-\d.]*)([.-])/, (_, before: string, mark: string) => `${before}&#${mark.charCodeAt(0)};`)
    .replace(/\/\//g, '/&#47;')
    .replace(/www\./gi, match => match.replace('.', '&#46;'))
}

/** A code block that no line can close. Colors and control characters are removed. */
export function codeBlock(lines: readonly string[]): string {
  const text = lines.map(printable).join('\n')
  const longestRun = (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0)
  const fence = '`'.repeat(Math.max(3, longestRun + 1))
  return `${fence}text\n${text}\n${fence}`
}

/** A column: its heading, and whether it holds numbers, which are right-aligned. */
export interface Column {
  readonly head: string
  readonly isNumber?: boolean
}

/** A table. Headings and cells are Markdown without line ends; each row has a cell for each column. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const head = columns.map(column => column.head)
  const rule = columns.map(({isNumber = false}) => (isNumber ? '--:' : '---'))
  return [head, rule, ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
}

/** A section folded at first. `summary`: inline Markdown or HTML on one line; `body`: Markdown blocks. */
export function foldedBlock(summary: string, body: string): string {
  // Without blank lines the inside would be HTML, not Markdown.
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`
}

// A form feed or escape would end a table row or show as a box; tabs stay.
function printable(text: string): string {
  return withoutEscapeSequences(text).replace(/[\p{Zl}\p{Zp}]|[^\P{Cc}\t]/gu, ' ')
}
