/**
 * Writes GitHub's workflow commands, and keeps the output of tasks from being read as commands.
 * Source: actions/runner, src/Runner.Common/ActionCommand.cs.
 */

/** Commands that the action itself prints. */
export type CommandName = 'add-mask' | 'group' | 'endgroup' | 'error' | 'warning' | 'notice' | 'debug' | 'echo'

/** Position and title of an annotation. */
export interface AnnotationProperties {
  readonly title?: string | undefined
  /** Relative to the workspace. */
  readonly file?: string | undefined
  /** From 1. */
  readonly line?: number | undefined
  /** From 1. */
  readonly endLine?: number | undefined
  /** From 1. */
  readonly col?: number | undefined
  /** From 1. */
  readonly endColumn?: number | undefined
}

/** The line of a command, without its line end. Text and properties are escaped, so they cannot end the line or the command. */
export function workflowCommand(name: CommandName, text: string, properties: AnnotationProperties = {}): string {
  const pairs = Object.entries(properties).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${escapeProperty(String(value))}`]
  )
  return `::${name}${pairs.length === 0 ? '' : ` ${pairs.join(',')}`}::${escapeData(text)}`
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

// The runner trims .NET white space and compares with the culture's rules, which ignore format and control characters.
const commandAtStart = /^([\s\u0085\p{Cc}\p{Cf}]*)::/u

/**
 * Changes a line so that it is no command in either notation: `::name::` at its start, `##[name]` anywhere. Other lines are returned unchanged.
 * Precondition: no line end in it (for the runner: `\n`, `\r\n` or a lone `\r`).
 */
export function withoutCommands(line: string): string {
  return line.replace(commandAtStart, '$1\\::').replaceAll('##[', '##\\[')
}

/** As `withoutCommands`, for lines that each end with `\n` and contain no other line end. */
export function linesWithoutCommands(lines: string): string {
  return lines.includes('::') || lines.includes('##[') ? lines.split('\n').map(withoutCommands).join('\n') : lines
}
