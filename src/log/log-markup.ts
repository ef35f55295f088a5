import type {ShownLines} from '../output/shown-output.ts'
import {linesWithoutCommands, withoutCommands, workflowCommand} from '../workflow-commands/workflow-command.ts'

/** How a log marks what is no text of a task: for the runner, or for a person. */
export interface LogMarkup {
  /** A line of text, ours or a task's, so that it is nothing but text to whoever reads the log. */
  readonly line: (text: string) => string
  /** Lines of tasks with something in front, each with `\n` at its end: as `line`, for each of them. */
  readonly lines: (lines: ShownLines) => ShownLines
  /** What is written before a block. `title`: one line. */
  readonly opening: (title: string) => string
  /** Lines of a task as they stand in a block. */
  readonly block: (lines: ShownLines) => ShownLines
  /** What is written after a block. */
  readonly closing: string
  /** A line for those who look for a mistake. */
  readonly debug: (text: string) => string
  /** The line that makes the reader of the log take out a value from now on; `undefined` where there is none who could. */
  readonly mask: ((value: string) => string) | undefined
}

// Bytes are lines none of which can be a command.
function asText(lines: ShownLines): ShownLines {
  return typeof lines === 'string' ? linesWithoutCommands(lines) : lines
}

/** For the runner: blocks, masks and lines for debugging are workflow commands, and nothing else is one. */
export const workflowMarkup: LogMarkup = {
  line: withoutCommands,
  lines: asText,
  opening: title => `${workflowCommand('group', title)}\n`,
  block: asText,
  closing: `${workflowCommand('endgroup', '')}\n`,
  debug: text => workflowCommand('debug', text),
  mask: value => `${workflowCommand('add-mask', value)}\n`
}
