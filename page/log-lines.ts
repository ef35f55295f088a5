import {createAnsiSequenceParser, createColorPalette, type ParseToken} from 'ansi-sequence-parser'
import {withoutEscapeSequences} from '../src/text/plain-text.ts'
import {visibleText} from './visible-text.ts'

/** Kinds of lines that are commands to the runner. */
export type LineKind = 'text' | 'error' | 'warning' | 'notice' | 'debug' | 'group'

/** A line of a log. */
export interface LogLine {
  /** The line as it was printed, with its escape sequences. */
  readonly raw: string
  /** The visible text. */
  readonly text: string
  readonly kind: LineKind
  /** Escape sequences of earlier lines that still apply. */
  readonly carried: string
}

/** A piece of a line in one style. */
export interface StyledText {
  readonly text: string
  /** CSS classes for a named color and for decorations. */
  readonly classes: readonly string[]
  /** `#rrggbb`, for a color that has no name. */
  readonly color: string | undefined
  readonly background: string | undefined
}

const escapeCharacter = '\u001b'
const colorSequence = /\u001b\[([\d;:]*)m/g
const anySequence = /\u001b|[\u0090\u0098\u009b\u009d-\u009f]/

/** The lines of a log. A lone carriage return also ends a line, as in the log of the step. */
export function logLines(log: string): readonly LogLine[] {
  const texts = log.split(/\r\n|\n|\r/)
  if (texts.at(-1) === '') texts.pop()
  let carried = ''
  return texts.map(raw => {
    const line = {raw, text: visibleText(anySequence.test(raw) ? withoutEscapeSequences(raw) : raw), kind: kindOf(raw), carried}
    if (raw.includes(escapeCharacter)) carried = carriedAfter(carried, raw)
    return line
  })
}

/** The escape sequences that apply after a line: those since the last reset, but at most the last few. */
function carriedAfter(carried: string, raw: string): string {
  let now = carried
  for (const [sequence, values] of raw.matchAll(colorSequence)) {
    now = /^0*$/.test(values ?? '') ? '' : now + sequence
  }
  return now.length > mostCarried ? now.slice(now.indexOf(escapeCharacter, now.length - mostCarried)) : now
}

const mostCarried = 200

/** Source: docs.github.com, "Workflow commands". */
const command = /^\s*::(?<name>error|warning|notice|debug|group)(?: [^:]*)?::/i

function kindOf(raw: string): LineKind {
  return (command.exec(raw)?.groups?.name?.toLowerCase() as LineKind | undefined) ?? 'text'
}

const palette = createColorPalette()

/** Splits a line into pieces of one style each. */
export function styledLine({raw, text, carried}: LogLine): readonly StyledText[] {
  if (carried === '' && !raw.includes(escapeCharacter)) return [{text, classes: [], color: undefined, background: undefined}]
  // Removes other sequences first, because the parser takes any sequence to end at the next "m".
  const prepared = raw
    .split(/(\u001b\[[\d;:]*m)/)
    .map((part, i) => (i % 2 === 1 ? part : withoutEscapeSequences(part)))
    .join('')
  const tokens = createAnsiSequenceParser().parse(`${carried}${prepared}`.replaceAll(`${escapeCharacter}[m`, `${escapeCharacter}[0m`))
  return tokens.filter(({value}) => value !== '').map(styled)
}

function styled({value, foreground, background, decorations}: ParseToken): StyledText {
  const isReverse = decorations.has('reverse')
  const [front, back] = isReverse ? [background, foreground] : [foreground, background]
  return {
    text: visibleText(value),
    classes: [
      ...(front?.type === 'named' ? [`fg-${front.name}`] : []),
      ...(back?.type === 'named' ? [`bg-${back.name}`] : []),
      ...[...decorations].map(name => `ansi-${name}`)
    ],
    color: front !== null && front.type !== 'named' ? colorOf(front) : undefined,
    background: back !== null && back.type !== 'named' ? colorOf(back) : undefined
  }
}

const colorOf = (color: Parameters<typeof palette.value>[0]): string | undefined => {
  const value = palette.value(color)
  return /^(?:#[\da-f]{3,8}|rgb\([\d, ]+\))$/i.test(value) ? value : undefined
}

/** The part of a line that is one row of the view. Offsets are UTF-16 units in its text. */
export interface LogRow {
  readonly line: number
  readonly from: number
  readonly to: number
}

/** The rows of a view of `columns` columns: a line has as many rows as its text needs. */
export function logRows(lines: readonly LogLine[], columns: number): readonly LogRow[] {
  const rows: LogRow[] = []
  for (const [line, {text}] of lines.entries()) {
    let from = 0
    do {
      const to = rowEnd(text, from, columns)
      rows.push({line, from, to})
      from = to
    } while (from < text.length)
  }
  return rows
}

function rowEnd(text: string, from: number, columns: number): number {
  const to = from + columns
  if (to >= text.length) return text.length
  // Does not split a surrogate pair.
  const code = text.charCodeAt(to - 1)
  return code >= 0xd800 && code <= 0xdbff ? to - 1 : to
}

/** The styled pieces of one row. */
export function styledPart(pieces: readonly StyledText[], {from, to}: LogRow): readonly StyledText[] {
  let at = 0
  return pieces.flatMap(piece => {
    const start = Math.max(0, from - at)
    const end = Math.min(piece.text.length, to - at)
    at += piece.text.length
    return end > start ? [{...piece, text: piece.text.slice(start, end)}] : []
  })
}

/** Indices of the first `most` lines that contain a text, without regard to case. */
export function findLines(lines: readonly LogLine[], text: string, most = 10_000): readonly number[] {
  const wanted = text.toLowerCase()
  const found: number[] = []
  if (wanted === '') return found
  for (const [line, {text: own}] of lines.entries()) {
    if (own.toLowerCase().includes(wanted)) found.push(line)
    if (found.length >= most) break
  }
  return found
}
