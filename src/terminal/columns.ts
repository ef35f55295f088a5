import stringWidth from 'string-width'

/** The columns that a text takes in a terminal. */
export const widthOf = (text: string): number => stringWidth(text)

const characters = new Intl.Segmenter()

/** Text of which each unit takes one column: nearly all there is, and told at once. */
const isNarrow = (text: string): boolean => /^[ -~]*$/.test(text)

/** The text, or its start and an ellipsis, in at most `width` columns. `text`: without escape sequences, on one line. */
export function fitted(text: string, width: number): string {
  if (width <= 0) return ''
  if (isNarrow(text)) return text.length <= width ? text : `${text.slice(0, width - 1)}…`
  // What fits is known before all of a long line is measured.
  let columns = 0
  let end = 0
  for (const {segment, index} of characters.segment(text)) {
    columns += widthOf(segment)
    if (columns > width) return `${text.slice(0, end)}…`
    if (columns < width) end = index + segment.length
  }
  return text
}

/** As `fitted`, with spaces after it up to `width`. */
export function filled(text: string, width: number): string {
  const shown = fitted(text, width)
  return shown + ' '.repeat(Math.max(0, width - widthOf(shown)))
}
