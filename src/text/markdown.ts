import {withoutEscapeSequences} from './plain-text.ts'

/**
 * Plain text as Markdown that shows exactly it, in a heading, a paragraph or a table cell: every ASCII punctuation character becomes its
 * HTML entity, so that nothing can open a tag, a link, a cell, an emphasis or a mention. Control characters become spaces.
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

/** Lines as a code block that none of them can close. Colors and control characters are left out. */
export function codeBlock(lines: readonly string[]): string {
  const text = lines.map(printable).join('\n')
  const longestRun = (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0)
  const fence = '`'.repeat(Math.max(3, longestRun + 1))
  return `${fence}text\n${text}\n${fence}`
}

/** A column of a table: its heading, and whether it holds numbers, which are compared by their last digits. */
export interface Column {
  readonly head: string
  readonly isNumber?: boolean
}

/** A table. Heads and cells are Markdown already, without line ends; each row has a cell for each column. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const head = columns.map(column => column.head)
  const rule = columns.map(({isNumber = false}) => (isNumber ? '--:' : '---'))
  return [head, rule, ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
}

/** Something that a reader opens with a click. `summary`: inline Markdown or HTML on one line; `body`: Markdown blocks. */
export function foldedBlock(summary: string, body: string): string {
  // Without the blank lines, what is inside would be HTML and not Markdown.
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`
}

// A form feed or an escape that is left over would end a table row or be drawn as a box; a tab is what it was.
function printable(text: string): string {
  return withoutEscapeSequences(text).replace(/[\p{Zl}\p{Zp}]|[^\P{Cc}\t]/gu, ' ')
}
