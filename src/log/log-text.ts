import type {UnreadOutput} from '../model/event.ts'
import type {ShownLines} from '../output/shown-output.ts'
import type {Mask} from '../report/masked-run.ts'
import {lineEnd} from '../text/line-ends.ts'
import type {LogMarkup} from './log-markup.ts'

/** How text is masked and marked in a log. */
export interface LogStyle {
  readonly mask: Mask
  readonly markup: LogMarkup
}

/** A text of the action as one line of the log, masked, and harmless whatever a task's name contains. */
export function plainLine(text: string, {mask, markup}: LogStyle): string {
  return markup.line(oneLine(mask(text)))
}

/** A text of the action as lines of the log, masked and harmless; all but the first are indented. */
export function plainLines(text: string, {mask, markup}: LogStyle): string[] {
  return mask(text)
    .split(lineEnd)
    .map((line, i) => markup.line(i === 0 ? line : `    ${line}`))
}

/** The first line of a text, masked, for a title. */
export function titleLine(text: string, mask: Mask): string {
  return mask(text).split(/[\r\n]/, 1)[0] ?? ''
}

/** Joins the lines of a text with single spaces and trims it. */
export function oneLine(text: string): string {
  const lines = text.split(/[\r\n]/).map(line => line.trim())
  return lines.filter(line => line !== '').join(' ')
}

/** The lines of a task as they appear in a block. */
export async function* inBlock(texts: AsyncIterable<ShownLines>, {block}: LogMarkup): AsyncIterable<ShownLines> {
  for await (const lines of texts) yield block(lines)
}

/** Makes a text look like output of a task. */
export function asOutput(text: string): UnreadOutput {
  return {
    async *chunks() {
      yield Buffer.from(text)
    }
  }
}
