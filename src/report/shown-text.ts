import type {Task} from '../model/task.ts'
import {escapeMarkdown} from '../text/markdown.ts'
import {cut} from '../text/quoted.ts'

/** A task's name as Markdown, at most `length` UTF-16 units; its id if the name has no visible character. */
export function shownName({name, id}: Task, length: number): string {
  return escapeMarkdown(cut(name, length)) || escapeMarkdown(id)
}

/** A message as Markdown, cut to `length` UTF-16 units. */
export function shownMessage(message: string, length: number): string {
  return escapeMarkdown(cut(message, length))
}

/** The last lines, at most `maxLines` and `maxCharacters` UTF-16 units; only the end of the last line if it is longer. */
export function lastOf(lines: readonly string[], maxLines: number, maxCharacters: number): readonly string[] {
  let rest = maxCharacters
  const kept: string[] = []
  for (const line of lines.slice(-maxLines).toReversed()) {
    if (line.length > rest) {
      if (kept.length === 0) kept.push(`…${line.slice(line.length - rest)}`)
      break
    }
    kept.push(line)
    rest -= line.length
  }
  return kept.toReversed()
}
