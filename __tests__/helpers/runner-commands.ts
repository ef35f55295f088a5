/** What the runner takes a line for, by its own rules. */
export interface RunnerCommand {
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  readonly data: string
}

/** The commands that the runner knows. Source: actions/runner, src/Runner.Worker/ActionCommandManager.cs. */
const registered = new Set(
  'stop-commands set-env set-output save-state add-mask add-path add-matcher remove-matcher debug warning error notice group endgroup echo'.split(
    ' '
  )
)

/** The lines as the runner's reader cuts them: at `\n`, `\r\n` and a lone `\r`. */
export function runnerLines(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/**
 * The command in a line, or `undefined` for text: `::name k=v::data` at the start of the trimmed line, `##[name k=v]data` anywhere.
 * Source: actions/runner, src/Runner.Common/ActionCommand.cs.
 */
export function runnerCommand(line: string): RunnerCommand | undefined {
  return secondNotation(line) ?? firstNotation(line)
}

function secondNotation(line: string): RunnerCommand | undefined {
  const found = /^::(.*?)::(.*)$/s.exec(line.replace(/^[\s\u0085]+/, ''))
  return found === null ? undefined : command(found[1] ?? '', ',', unescapeProperty, unescapeData(found[2] ?? ''))
}

function firstNotation(line: string): RunnerCommand | undefined {
  const found = /##\[([^\]]*)\](.*)$/s.exec(line)
  const unescaped = (text: string) => text.replaceAll('%3B', ';').replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%5D', ']')
  return found === null ? undefined : command(found[1] ?? '', ';', unescaped, unescaped(found[2] ?? ''))
}

function command(head: string, separator: string, unescaped: (text: string) => string, data: string): RunnerCommand | undefined {
  const space = head.indexOf(' ')
  const name = (space < 0 ? head : head.slice(0, space)).toLowerCase()
  if (!registered.has(name)) return undefined
  const pairs = space < 0 ? [] : head.slice(space + 1).split(separator)
  const properties = pairs.flatMap(pair => {
    const equals = pair.indexOf('=')
    return equals < 0 ? [] : [[pair.slice(0, equals).trim(), unescaped(pair.slice(equals + 1))] as const]
  })
  return {name, properties: Object.fromEntries(properties), data}
}

const unescapeData = (text: string): string => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
const unescapeProperty = (text: string): string =>
  text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%25', '%')
