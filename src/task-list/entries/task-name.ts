import type {EntryItem} from '../items/entry-items.ts'
import {showItem} from '../items/item-references.ts'
import type {ListNode} from '../source/list-node.ts'
import {withoutControls} from '../source/mistakes.ts'

/** Longest default name, and longest part of it that comes from an item, in UTF-16 units. */
const maxNameLength = 80
const maxItemLength = 40

/** `text` as a name: on one line and trimmed. */
export function nameFrom(text: string): string {
  return withoutControls(text).trim()
}

/** The default name of a script: its first line that is not blank, or `task`. The item replaces `$_`, or is appended. */
export function nameOfScript(script: string, item?: EntryItem): string {
  const line = nameFrom(/[^\s\p{Cc}][^\r\n]*/u.exec(script)?.[0] ?? 'task')
  if (item === undefined) return cutName(line, maxNameLength)
  const shown = nameFrom(showItem(line, item.value))
  return shown === line ? nameWithItem(line, item.shown) : cutName(shown, maxNameLength)
}

/** `base (item)`, as GitHub names the jobs of a matrix. If it is too long, the base is cut first. */
export function nameWithItem(base: string, item: ListNode): string {
  return nameWithDetail(
    base,
    textsIn(item)
      .filter(text => text !== '')
      .join(', ')
  )
}

/** `base (detail)`. */
export function nameWithDetail(base: string, detail: string): string {
  const shown = cutName(nameFrom(detail), maxItemLength)
  return shown === '' ? cutName(base, maxNameLength) : `${cutName(base, maxNameLength - shown.length - 3)} (${shown})`
}

/** `name`, cut to `length` with an ellipsis: after a whole word if there are several. */
export function cutName(name: string, length: number = maxNameLength): string {
  if (name.length <= length) return name
  const start = name.slice(0, length - 1)
  // Cuts between words: the runner masks only whole secrets, so it would show half of one.
  const words = name.charAt(length - 1) === ' ' ? start : start.slice(0, Math.max(0, start.lastIndexOf(' ')))
  // Does not cut between the halves of a surrogate pair.
  const kept = words.trim() === '' ? start.replace(/[\uD800-\uDBFF]$/, '') : words
  return `${kept.trimEnd()}…`
}

/** The texts in an item, in order, but no more than a name can show. */
function textsIn(item: ListNode, texts: string[] = []): string[] {
  if (item.kind === 'scalar') texts.push(item.text.slice(0, maxItemLength + 1))
  else {
    for (const child of item.kind === 'list' ? item.items : Array.from(item.fields.values(), ({value}) => value)) {
      if (texts.length >= maxItemLength) break
      textsIn(child, texts)
    }
  }
  return texts
}

/**
 * The default id for a name: letters and digits are kept, everything else becomes `_`; `task` if nothing remains. Keeps the letters that PowerShell
 * accepts in a member name (16 bits, any script); Latin letters lose their accents.
 */
export function idFromName(name: string): string {
  const slug = name
    .normalize('NFKC')
    .replace(/\p{Script=Latin}/gu, letter => letter.normalize('NFKD'))
    .replace(/\p{M}+/gu, '')
    .replace(/(?:[^\p{L}\p{Nd}]|[\u{10000}-\u{10FFFF}])+/gu, '_')
    .slice(0, maxNameLength)
    .replace(/^_|_$/g, '')
  if (slug === '') return 'task'
  return /^\p{Nd}/u.test(slug) ? `_${slug}` : slug
}
