/** Limit of a value in a message, in UTF-16 units. */
export const maxShownLength = 60

/** `text` in double quotes on one line, cut to the limit; control characters are escaped. */
export function quoted(text: string): string {
  return JSON.stringify(cut(text, maxShownLength)).replace(
    /[\p{Cc}\p{Zl}\p{Zp}\uFEFF]/gu,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
}

/** `text`, or its first `length` UTF-16 units and an ellipsis, without splitting a character. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/** `"a"`, `"a" and "b"`, `"a", "b", "c" and 4 more`: the first three and a count. `names`: at least one. */
export function quotedList(names: readonly string[]): string {
  const shown = names.slice(0, 3).map(quoted)
  const more = names.length - shown.length
  if (more > 0) return `${shown.join(', ')} and ${more} more`
  return shown.length === 1 ? shown.join() : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}
