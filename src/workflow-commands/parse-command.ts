/**
 * The runner's grammar of workflow commands.
 * Source: actions/runner, src/Runner.Common/ActionCommand.cs (`TryParseV2`, `TryParse`).
 */

/** A parsed command. */
export interface ParsedCommand {
  /** Its registered spelling. */
  readonly name: string
  /** By lower-case name, because the runner ignores case. Names and values are never empty. */
  readonly properties: ReadonlyMap<string, string>
  readonly data: string
}

/** Returns the registered spelling of a command name, or `undefined` if it is unknown. */
export type RegisteredName = (name: string) => string | undefined

/** Whether the bytes contain `::` or `##[`. Cheaper than `mayHaveCommand`, with more false positives. */
export function hasCommandSign(bytes: Buffer): boolean {
  return bytes.includes('##[') || bytes.includes('::')
}

/**
 * Whether a line of the text may be a command, even if a reader skips white space, control and format characters before it. Cheap, with few false
 * positives. The bytes need not be valid text.
 */
export function mayHaveCommand(text: string | Buffer): boolean {
  if (text.includes('##[')) return true
  return text.includes('::') && colonsAtStart.test(typeof text === 'string' ? text : text.toString('latin1'))
}

// No command follows a printable ASCII character on its line: `std::string` is not one.
const colonsAtStart = /(?:^|[\r\n])[^!-~\r\n]*::/

/** Offsets of the lines for which `mayHaveCommand` is true, in order. */
export function* linesLikeCommands(lines: Buffer): Iterable<number> {
  for (const {index, 1: before = ''} of lines.toString('latin1').matchAll(likeCommand)) yield index + before.length
}

const likeCommand = /(^|[\r\n])(?:[^!-~\r\n]*::|[^\r\n]*##\[)/g

/**
 * Parses the command in a line: `::name k=v,k=v::data` at the start of the trimmed line, or else the first `##[name k=v;k=v]data` anywhere in it.
 * `undefined` for text and for unregistered names. Precondition: no line end in it.
 */
export function parseCommand(line: string, registered: RegisteredName): ParsedCommand | undefined {
  return doubleColon(line, registered) ?? bracket(line, registered)
}

function doubleColon(line: string, registered: RegisteredName): ParsedCommand | undefined {
  const text = trimmedStart(line)
  const end = text.startsWith('::') ? text.indexOf('::', 2) : -1
  if (end < 0) return undefined
  const {name, rest} = splitAtSpace(text.slice(2, end))
  const command = registered(name)
  if (command === undefined) return undefined
  const pairs = trimmed(rest).split(',')
  return {name: command, properties: propertiesOf(pairs, propertyEscapes), data: unescaped(text.slice(end + 2), dataEscapes)}
}

function bracket(line: string, registered: RegisteredName): ParsedCommand | undefined {
  const start = line.indexOf('##[')
  const end = start < 0 ? -1 : line.indexOf(']', start)
  if (end < 0) return undefined
  const {name, rest} = splitAtSpace(line.slice(start + 3, end))
  const command = registered(name)
  if (command === undefined) return undefined
  return {name: command, properties: propertiesOf(rest.split(';'), bracketEscapes), data: unescaped(line.slice(end + 1), bracketEscapes)}
}

// White space as .NET trims it: JavaScript's, plus U+0085, minus U+FEFF.
const isSpace = (character: string): boolean => character !== '\uFEFF' && /^[\s\u0085]$/.test(character)

function trimmedStart(text: string): string {
  let start = 0
  while (isSpace(text.charAt(start))) start++
  return text.slice(start)
}

// A loop, because a regular expression for trailing space would retry at each space in the middle.
function trimmed(text: string): string {
  let end = text.length
  while (isSpace(text.charAt(end - 1))) end--
  return trimmedStart(text.slice(0, end))
}

function splitAtSpace(head: string): {readonly name: string; readonly rest: string} {
  const space = head.indexOf(' ')
  return space < 0 ? {name: head, rest: ''} : {name: head.slice(0, space), rest: head.slice(space + 1)}
}

// .NET drops empty parts when it splits `k=v`: `=k==v` is `k=v`, and `k=` is not a pair.
function propertiesOf(pairs: readonly string[], escapes: Escapes): ReadonlyMap<string, string> {
  const properties = new Map<string, string>()
  for (const pair of pairs) {
    const {name = '', value = ''} = /^=*(?<name>[^=]+)=+(?<value>[^=].*)$/s.exec(pair)?.groups ?? {}
    if (name !== '') properties.set(name.toLowerCase(), unescaped(value, escapes))
  }
  return properties
}

type Escapes = readonly (readonly [code: string, character: string])[]

const dataEscapes: Escapes = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%25', '%']
]
const propertyEscapes: Escapes = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%3A', ':'],
  ['%2C', ','],
  ['%25', '%']
]
const bracketEscapes: Escapes = [
  ['%3B', ';'],
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%5D', ']'],
  ['%25', '%']
]

// In the runner's order: `%25` last, so that `%250A` is the text `%0A`.
function unescaped(text: string, escapes: Escapes): string {
  return text.includes('%') ? escapes.reduce((result, [code, character]) => result.replaceAll(code, character), text) : text
}
