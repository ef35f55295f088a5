import {NameTable} from '../model/name-table.ts'
import {failure, type Result, success} from '../model/result.ts'
import {quoted} from '../text/quoted.ts'
import {type Line, LineCursor} from './line-cursor.ts'

/** Rules for GITHUB_OUTPUT or GITHUB_ENV. */
export interface KeyValueRules {
  /** `true` treats names that differ only in case as one. */
  readonly ignoresCase: boolean
  /** On Windows a line ends at `\r\n` too; elsewhere the carriage return is part of the line. */
  readonly platform: NodeJS.Platform
  /** Returns what is wrong with a pair, as the end of a sentence, or `undefined`. */
  readonly objection: (name: string, value: string) => string | undefined
}

/** The usable part of a file. */
export interface KeyValues {
  /** The pairs before the first mistake. */
  readonly pairs: ReadonlyMap<string, string>
  /** The mistake as a sentence that begins with the line number (from 1); `undefined` if there is none. */
  readonly mistake: string | undefined
}

/**
 * Parses a GITHUB_OUTPUT or GITHUB_ENV file by the runner's rules. Empty lines are skipped, and nothing is trimmed. A line is `NAME=VALUE` if its
 * first `=` comes before its first `<<`. Otherwise it is `NAME<<DELIMITER`; the value is everything up to a line that equals the delimiter, without
 * the last line end. This parser is stricter than the runner in two ways: a name must not be empty in either form, and one wrong line discards all
 * pairs, while the runner has already applied those before it. The error is the mistake.
 * Source: actions/runner, src/Runner.Worker/FileCommandManager.cs (`EnvFileKeyValuePairs`).
 */
export function parseKeyValues(text: string, rules: KeyValueRules): Result<ReadonlyMap<string, string>, string> {
  const {pairs, mistake} = readKeyValues(text, rules, false)
  return mistake === undefined ? success(pairs) : failure(mistake)
}

/**
 * As `parseKeyValues`, but keeps the pairs before a mistake. `isCut`: the task may have been ended while writing, so a last line without a line end
 * counts as a mistake, and a truncated file never yields a pair that the whole file would not have.
 */
export function readKeyValues(text: string, rules: KeyValueRules, isCut: boolean): KeyValues {
  const pairs = new NameTable<string>(rules.ignoresCase)
  const lines = new LineCursor(text, rules.platform)
  const upTo = ({number}: Line, mistake: string): KeyValues => ({pairs: pairs.toMap(), mistake: `line ${number}: ${mistake}`})
  let last: Notation | undefined
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    if (line.text === '') continue
    if (isCut && !line.isEnded) return upTo(line, halfLine(line.text))
    const start = startOfPair(line, last)
    if (!start.ok) return upTo(line, start.error)
    const {name, notation} = start.value
    const value = notation === '=' ? success(start.value.rest) : heredoc(name, start.value.rest, lines, isCut)
    if (!value.ok) return upTo(line, value.error)
    const objection = rules.objection(name, value.value)
    if (objection !== undefined) return upTo(line, objection)
    pairs.set(name, value.value)
    last = notation
  }
  return {pairs: pairs.toMap(), mistake: undefined}
}

/** The message for a last line that may be incomplete. */
export const halfLine = (text: string): string => `${quoted(text)} has no line end, so it may be half of a line`

type Notation = '=' | '<<'

function startOfPair({text}: Line, last: Notation | undefined): Result<{name: string; notation: Notation; rest: string}, string> {
  const equals = text.indexOf('=')
  const heredocSign = text.indexOf('<<')
  if (equals < 0 && heredocSign < 0) return failure(`${quoted(text)} is neither NAME=VALUE nor NAME<<DELIMITER${hint(text, last)}`)
  const notation = equals >= 0 && (heredocSign < 0 || equals < heredocSign) ? '=' : '<<'
  const at = notation === '=' ? equals : heredocSign
  const rest = text.slice(at + notation.length)
  if (at === 0) return failure(`${quoted(text)} has no name before the "${notation}"`)
  if (notation === '<<' && rest === '') return failure(`${quoted(text)} has no delimiter after the "<<"`)
  return success({name: text.slice(0, at), notation, rest})
}

function heredoc(name: string, delimiter: string, lines: LineCursor, isCut: boolean): Result<string, string> {
  const start = lines.index
  let end = start
  let near: Line | undefined
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    const isDelimiter = line.text === delimiter
    if (isDelimiter && (line.isEnded || !isCut)) return success(lines.text.slice(start, end))
    if (near === undefined && !isDelimiter && line.text.trim() === delimiter.trim()) near = line
    end = line.end
  }
  const nearest = near === undefined ? '' : `, line ${near.number} is ${quoted(near.text)}`
  return failure(`the value of ${quoted(name)} has no end, expected a line that is exactly ${quoted(delimiter)}${nearest}`)
}

function hint(text: string, last: Notation | undefined): string {
  if (text === '\r') return '; on this platform a line ends at a line feed alone, and the carriage return is part of it'
  const [name = '', value] = splitAtColon(text)
  if (value !== undefined && /^[A-Za-z_][\w-]*$/.test(name)) return `, did you mean ${quoted(`${name}=${value}`)}?`
  return last === '=' ? '; a value of several lines is written as NAME<<DELIMITER, its lines, DELIMITER' : ''
}

/** The text before and after the first colon, trimmed; the whole text if there is none. */
function splitAtColon(text: string): readonly string[] {
  const colon = text.indexOf(':')
  return colon < 0 ? [text] : [text.slice(0, colon).trimEnd(), text.slice(colon + 1).trimStart()]
}
