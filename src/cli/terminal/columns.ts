import stringWidth from 'string-width'

/** Display width of a text, in columns. */
export const widthOf = (text: string): number => stringWidth(text)

const characters = new Intl.Segmenter()

/** Whether each UTF-16 unit takes one column: a fast check that is true for nearly every text. */
const isNarrow = (text: string): boolean => /^[ -~]*$/.test(text)

/** Cuts a text with an ellipsis to at most `width` columns. `text`: one line without escape sequences. */
export function fitted(text: string, width: number): string {
  if (width <= 0) return ''
  if (isNarrow(text)) return text.length <= width ? text : `${text.slice(0, width - 1)}…`
  // Stops early: a long line need not be measured to its end.
  let columns = 0
  let end = 0
  for (const {segment, index} of characters.segment(text)) {
    columns += widthOf(segment)
    if (columns > width) return `${text.slice(0, end)}…`
    if (columns < width) end = index + segment.length
  }
  return text
}

/** As `fitted`, padded with spaces to `width`. */
export function filled(text: string, width: number): string {
  const shown = fitted(text, width)
  return shown + ' '.repeat(Math.max(0, width - widthOf(shown)))
}
