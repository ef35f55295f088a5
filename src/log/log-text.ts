import type {UnreadOutput} from '../model/event.ts'
import type {ShownLines} from '../output/shown-output.ts'
import type {Mask} from '../report/masked-run.ts'
import {lineEnd} from '../text/line-ends.ts'
import type {LogMarkup} from './log-markup.ts'

/** What makes a text fit to stand in a log. */
export interface LogStyle {
  readonly mask: Mask
  readonly markup: LogMarkup
}

/** Text of ours as one line of the log: masked, and no command whatever a task is called. */
export function plainLine(text: string, {mask, markup}: LogStyle): string {
  return markup.line(oneLine(mask(text)))
}

/** Text of ours as lines of the log, those after the first indented: masked, and no commands. */
export function plainLines(text: string, {mask, markup}: LogStyle): string[] {
  return mask(text)
    .split(lineEnd)
    .map((line, i) => markup.line(i === 0 ? line : `    ${line}`))
}

/** The first line of a text of ours, masked: for a title. */
export function titleLine(text: string, mask: Mask): string {
  return mask(text).split(/[\r\n]/, 1)[0] ?? ''
}

/** The text with a space in place of line ends and the white space around them, and none at its ends. */
export function oneLine(text: string): string {
  const lines = text.split(/[\r\n]/).map(line => line.trim())
  return lines.filter(line => line !== '').join(' ')
}

/** Lines of tasks as they stand in a block. */
export async function* inBlock(texts: AsyncIterable<ShownLines>, {block}: LogMarkup): AsyncIterable<ShownLines> {
  for await (const lines of texts) yield block(lines)
}

/** A text as if a task had printed it. */
export function asOutput(text: string): UnreadOutput {
  return {
    async *chunks() {
      yield Buffer.from(text)
    }
  }
}
