import type {ShownLines} from '../output/shown-output.ts'
import {linesWithoutCommands, withoutCommands, workflowCommand} from '../workflow-commands/workflow-command.ts'

/** How a log marks blocks, masks and debug lines: for the runner, or for a person. */
export interface LogMarkup {
  /** Makes a line plain text for the reader of the log: it cannot be a command. */
  readonly line: (text: string) => string
  /** As `line`, for many lines, each ending with `\n` and having a prefix already. */
  readonly lines: (lines: ShownLines) => ShownLines
  /** The opening of a block. `title`: one line. */
  readonly opening: (title: string) => string
  /** As `line`, for the lines of a task inside a block. */
  readonly block: (lines: ShownLines) => ShownLines
  /** The end of a block. */
  readonly closing: string
  /** A line of the debug log. */
  readonly debug: (text: string) => string
  /** The line that makes the reader of the log mask a value from now on; `undefined` if the reader cannot. */
  readonly mask: ((value: string) => string) | undefined
}

// Lines that are still bytes cannot be commands.
function asText(lines: ShownLines): ShownLines {
  return typeof lines === 'string' ? linesWithoutCommands(lines) : lines
}

/** For the runner: blocks, masks and debug lines are workflow commands, and nothing else is one. */
export const workflowMarkup: LogMarkup = {
  line: withoutCommands,
  lines: asText,
  opening: title => `${workflowCommand('group', title)}\n`,
  block: asText,
  closing: `${workflowCommand('endgroup', '')}\n`,
  debug: text => workflowCommand('debug', text),
  mask: value => `${workflowCommand('add-mask', value)}\n`
}
