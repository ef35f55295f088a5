/**
 * How the runner takes lines for commands, rule by rule as its source has it and apart from how the product does it.
 * Source: actions/runner 2.336.0, src/Runner.Common/ActionCommand.cs:51-119 (`TryParseV2`), :121-189 (`TryParse`). One thing is simpler here: the runner compares by
 * culture, which passes over characters without weight; where it does, its offsets are off by as many, so that no name is found.
 */

/** What the runner takes a line for, by its own rules. */
export interface RunnerCommand {
  /** In lower case. */
  readonly name: string
  /** By name as written. */
  readonly properties: Readonly<Record<string, string>>
  readonly data: string
}

/** The commands that the runner knows. Source: src/Runner.Worker/ActionCommandManager.cs:28-47, and each `Command`. */
export const registeredCommands: ReadonlySet<string> = new Set(
  'stop-commands set-env set-output save-state add-mask add-path add-matcher remove-matcher debug warning error notice group endgroup echo'.split(
    ' '
  )
)

/** The lines as the runner's reader cuts them: at `\n`, `\r\n` and a lone `\r`. Source: src/Runner.Sdk/ProcessInvoker.cs:507-529 (`ReadLine`). */
export function runnerLines(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** The command in a line, or `undefined` for text. `registered`: names in lower case. */
export function runnerCommand(line: string, registered: ReadonlySet<string> = registeredCommands): RunnerCommand | undefined {
  return parseV2(line, registered) ?? parseV1(line, registered)
}

function parseV2(line: string, registered: ReadonlySet<string>): RunnerCommand | undefined {
  const message = trimStart(line)
  if (!message.startsWith('::')) return undefined
  const endIndex = message.indexOf('::', 2)
  if (endIndex < 0) return undefined
  const cmdInfo = message.substring(2, endIndex)
  const spaceIndex = cmdInfo.indexOf(' ')
  const name = asciiLower(spaceIndex < 0 ? cmdInfo : cmdInfo.substring(0, spaceIndex))
  if (!registered.has(name)) return undefined
  const pairs = spaceIndex > 0 ? trimEnd(trimStart(cmdInfo.substring(spaceIndex + 1))).split(',') : []
  return {name, properties: properties(pairs, unescapeProperty), data: unescapeData(message.substring(endIndex + 2))}
}

function parseV1(line: string, registered: ReadonlySet<string>): RunnerCommand | undefined {
  const prefixIndex = line.indexOf('##[')
  if (prefixIndex < 0) return undefined
  const rbIndex = line.indexOf(']', prefixIndex)
  if (rbIndex < 0) return undefined
  const cmdInfo = line.substring(prefixIndex + 3, rbIndex)
  const spaceIndex = cmdInfo.indexOf(' ')
  const name = asciiLower(spaceIndex < 0 ? cmdInfo : cmdInfo.substring(0, spaceIndex))
  if (!registered.has(name)) return undefined
  const pairs = spaceIndex > 0 ? cmdInfo.substring(spaceIndex + 1).split(';') : []
  return {name, properties: properties(pairs, unescapeV1), data: unescapeV1(line.substring(rbIndex + 1))}
}

/** `Split('=', 2, RemoveEmptyEntries)`, kept if there are two parts. */
function properties(pairs: readonly string[], decode: (text: string) => string): Record<string, string> {
  const result: Record<string, string> = {}
  for (const pair of pairs) {
    let rest = pair
    while (rest.startsWith('=')) rest = rest.slice(1)
    const equals = rest.indexOf('=')
    if (equals < 0) continue
    const key = rest.slice(0, equals)
    rest = rest.slice(equals)
    while (rest.startsWith('=')) rest = rest.slice(1)
    if (rest !== '') result[key] = decode(rest)
  }
  return result
}

const asciiLower = (text: string): string => text.replace(/[A-Z]/g, letter => letter.toLowerCase())
// `Char.IsWhiteSpace` has U+0085 and has not U+FEFF.
const isSpace = (character: string | undefined): boolean =>
  character !== undefined && character !== '\ufeff' && /[\s\u0085]/.test(character)

function trimStart(text: string): string {
  let start = 0
  while (isSpace(text[start])) start++
  return text.slice(start)
}

function trimEnd(text: string): string {
  let end = text.length
  while (isSpace(text[end - 1])) end--
  return text.slice(0, end)
}

const unescapeData = (text: string): string => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
const unescapeProperty = (text: string): string =>
  text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%25', '%')
const unescapeV1 = (text: string): string =>
  text.replaceAll('%3B', ';').replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%5D', ']').replaceAll('%25', '%')
