import type {Task} from '../model/task.ts'
import {escapeMarkdown} from '../text/markdown.ts'
import {cut} from '../text/quoted.ts'

/** A task's name as Markdown, at most `length` UTF-16 units of it; its id if nothing in the name can be seen. */
export function shownName({name, id}: Task, length: number): string {
  return escapeMarkdown(cut(name, length)) || escapeMarkdown(id)
}

/** A message as Markdown, at most `length` UTF-16 units of it. */
export function shownMessage(message: string, length: number): string {
  return escapeMarkdown(cut(message, length))
}

/** The last of these lines, at most `maxLines` and `maxCharacters` UTF-16 units of them; of the last one alone its end, if it is longer. */
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
