/**
 * GitHub's workflow commands: writing ours, and keeping what a task prints from being one.
 * Source: actions/runner, src/Runner.Common/ActionCommand.cs.
 */

/** The commands that this action gives. */
export type CommandName = 'add-mask' | 'group' | 'endgroup' | 'error' | 'warning' | 'notice' | 'debug' | 'echo'

/** Where and under which title an annotation appears. */
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

/** The line, without its end, that gives a command. No text can break out of it. */
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

// The runner trims white space as .NET knows it and compares by culture, which passes over format and control characters.
const commandAtStart = /^([\s\u0085\p{Cc}\p{Cf}]*)::/u

/**
 * The same line, unable to be a command in either notation: `::name::` at its start, `##[name]` anywhere. Lines that could not be one stay
 * as they are. Precondition: no line ends in it (the runner takes `\n`, `\r\n` and a lone `\r` for one).
 */
export function withoutCommands(line: string): string {
  return line.replace(commandAtStart, '$1\\::').replaceAll('##[', '##\\[')
}

/** As `withoutCommands`, for lines that each have `\n` at their end; no other line end is in them. */
export function linesWithoutCommands(lines: string): string {
  return lines.includes('::') || lines.includes('##[') ? lines.split('\n').map(withoutCommands).join('\n') : lines
}
