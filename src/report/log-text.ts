import {withoutCommands} from '../workflow-command.ts'
import type {Mask} from './masked-run.ts'

/** Text of ours as one line of the log: masked, and no command whatever a task is called. */
export function plainLine(text: string, mask: Mask): string {
  return withoutCommands(oneLine(mask(text)))
}

/** Text of ours as lines of the log, those after the first indented: masked, and no commands. */
export function plainLines(text: string, mask: Mask): string[] {
  return mask(text)
    .split(/\r\n|\n|\r/)
    .map((line, i) => withoutCommands(i === 0 ? line : `    ${line}`))
}

/** The first line of a text of ours, masked: for a title. */
export function titleLine(text: string, mask: Mask): string {
  return mask(text).split(/[\r\n]/, 1)[0] ?? ''
}

/** The text with white space in place of line ends. */
export function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ').trim()
}
