import type {LastBytes} from '../spool/last-bytes.ts'
import type {Masker} from '../text/masker.ts'
import {withoutEscapeSequences} from '../text/plain-text.ts'

/** How much of the end of each stream is searched for causes of a retry, in bytes. */
export const searchedEnd = 64 * 1024

/**
 * The end of a stream as text to search: as it was printed, before lines are wrapped, but without colors and other escape sequences, with `\n` at each line's
 * end, and masked, so that no part of a secret can be found and shown.
 */
export function searchableText(end: LastBytes, masker: Masker): string {
  const text = end.bytes.toString()
  const masked = masker.mask(text.slice(end.leftOut === 0 ? 0 : endOfTornValue(text, masker)))
  // A value with a change of color in it is whole again without colors.
  const plain = masker.mask(withoutEscapeSequences(masked))
  return plain.replace(/\r\n|\r/g, '\n')
}

/** Where the rest of a value must be over of which the beginning has been left out. Values are masked line by line as well. */
function endOfTornValue(text: string, masker: Masker): number {
  const {longest} = masker
  const firstLine = text.indexOf('\n') + 1
  return firstLine > 0 && firstLine <= longest ? firstLine : masker.cutBefore(text, longest)
}
