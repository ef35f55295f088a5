import type {Masker} from '../text/masker.ts'
import {characterEnd} from './line-cutter.ts'

/** The most bytes that become one UTF-16 unit: three in UTF-8; of invalid bytes at most three become one U+FFFD. */
const unitSize = 3

/**
 * How many bytes of a long line can be shown now without splitting a masked value or a character. 0 if a value as long as these bytes may have begun.
 * Looks only at the end of the bytes.
 */
export function safeEnd(bytes: Buffer, masker: Masker): number {
  const {longest} = masker
  if (longest === 0) return characterEnd(bytes)
  const reach = unitSize * longest
  const unsafe = Buffer.byteLength(bytes.subarray(-reach).toString().slice(-longest))
  // Showing less than half would search the same bytes again and again.
  if (unsafe > bytes.length / 2) return 0
  for (let end = characterEnd(bytes.subarray(0, bytes.length - unsafe)); end > 0; ) {
    const start = characterEnd(bytes.subarray(0, Math.max(0, end - reach)))
    const around = bytes.subarray(start, end + reach)
    const before = around.toString('utf8', 0, end - start).length
    const cut = masker.cutBefore(around.toString(), before)
    if (cut === before) return end
    end = start + endOf(around, cut)
  }
  return characterEnd(bytes)
}

/** How many bytes decode to at most `length` UTF-16 units. */
function endOf(bytes: Buffer, length: number): number {
  let [from, to] = [0, bytes.length]
  while (from < to) {
    const middle = Math.ceil((from + to) / 2)
    if (bytes.toString('utf8', 0, middle).length <= length) from = middle
    else to = middle - 1
  }
  return characterEnd(bytes.subarray(0, from))
}
