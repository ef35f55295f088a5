import type {Masker} from '../text/masker.ts'
import {characterEnd} from './line-cutter.ts'

/** The most bytes that one UTF-16 unit takes: three in UTF-8, and three at most that are none become one U+FFFD. */
const unitSize = 3

/**
 * The end of the part of a long line that can be shown by itself, in bytes: no value that is masked is cut through, and no character. 0 if
 * there is none yet, because a value that is as long as the line may have begun. Looks at the end of the line only.
 */
export function safeEnd(bytes: Buffer, masker: Masker): number {
  const {longest} = masker
  if (longest === 0) return characterEnd(bytes)
  const reach = unitSize * longest
  const unsafe = Buffer.byteLength(bytes.subarray(-reach).toString().slice(-longest))
  // Less than half of it would be looked through again and again.
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

/** The end, in bytes, of the first characters of their text, at most `length` UTF-16 units. Bytes that are no UTF-8 are one unit each, or less. */
function endOf(bytes: Buffer, length: number): number {
  let [from, to] = [0, bytes.length]
  while (from < to) {
    const middle = Math.ceil((from + to) / 2)
    if (bytes.toString('utf8', 0, middle).length <= length) from = middle
    else to = middle - 1
  }
  return characterEnd(bytes.subarray(0, from))
}
