import type {LocatedText} from './list-text.ts'
import type {MistakeLog} from './mistakes.ts'

/** One invocation of a plain list. */
export interface PlainLine {
  /** The text without its line break. */
  readonly text: string
  /** Offset of the first character that is not blank. */
  readonly offset: number
}

const goesOn = /(?:@['"]|[`|,{(])$/

/**
 * The invocations of a plain list: every line that is neither blank nor a `#` comment. A line that is not complete PowerShell by itself is a mistake.
 */
export function readPlainLines(text: LocatedText, mistakes: MistakeLog): PlainLine[] {
  const lines: PlainLine[] = []
  let start = 0
  for (const line of text.text.split('\n')) {
    const typed = line.endsWith('\r') ? line.slice(0, -1) : line
    const trimmed = typed.trim()
    const offset = start + typed.length - typed.trimStart().length
    start += line.length + 1
    if (trimmed === '' || trimmed.startsWith('#')) continue
    lines.push({text: typed, offset})
    const message = cannotStandAlone(trimmed)
    if (message !== undefined) mistakes.add(text.placeAt(offset), message)
  }
  return lines
}

function cannotStandAlone(line: string): string | undefined {
  if (line.startsWith('- ')) {
    return `this line looks like YAML, but the list's first line does not, so that every line is one invocation: begin each with "- ", or none`
  }
  const end = goesOn.exec(line)?.[0]
  if (end === undefined) return undefined
  return `a plain line is one whole invocation, and this one ends with ${end}; write a script of several lines below "- |"`
}
