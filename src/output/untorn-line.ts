import {HeldBytes} from '../spool/held-bytes.ts'
import type {Masker} from '../text/masker.ts'
import {textSize} from './line-cutter.ts'
import {safeEnd} from './safe-end.ts'

/**
 * Cuts a line that arrives in pieces again, so that no piece splits a masked value or a character: bytes that may begin one wait for the next piece.
 * The pieces are at most `textSize` long, except for values that are longer, and are overwritten when the next one is asked for.
 */
export class UntornLine {
  readonly #masker: Masker
  readonly #held = new HeldBytes()

  constructor(masker: Masker) {
    this.#masker = masker
  }

  /** The pieces that can be shown now; all of the line unless it is open. */
  *take(bytes: Buffer, isOpen: boolean): Iterable<Buffer> {
    for (let at = 0; at < bytes.length; at += textSize) {
      const piece = bytes.subarray(at, at + textSize)
      const isLast = !isOpen && at + textSize >= bytes.length
      if (this.#held.size > 0) {
        this.#held.add(piece)
        const end = isLast ? this.#held.size : safeEnd(this.#held.peek(), this.#masker)
        if (end > 0) yield this.#held.take(end)
      } else {
        // Usually there is nothing to mask, so nothing waits and nothing is copied.
        const end = isLast ? piece.length : safeEnd(piece, this.#masker)
        if (end > 0) yield piece.subarray(0, end)
        if (end < piece.length) this.#held.add(piece.subarray(end))
      }
    }
    if (!isOpen && this.#held.size > 0) yield this.#held.take()
  }
}
