import {HeldBytes} from '../spool/held-bytes.ts'
import type {Masker} from '../text/masker.ts'
import {textSize} from './line-cutter.ts'
import {safeEnd} from './safe-end.ts'

/**
 * A line that comes in pieces, in other pieces, none of which tears a value that is masked, or a character: what may be the beginning of one waits for what
 * comes next. The pieces are small, and to be used at once.
 */
export class UntornLine {
  readonly #masker: Masker
  readonly #held = new HeldBytes()

  constructor(masker: Masker) {
    this.#masker = masker
  }

  /** What can be shown with the next bytes of the line; all of it unless the line is open. */
  *take(bytes: Buffer, isOpen: boolean): Iterable<Buffer> {
    for (let at = 0; at < bytes.length; at += textSize) {
      const piece = bytes.subarray(at, at + textSize)
      const isLast = !isOpen && at + textSize >= bytes.length
      if (this.#held.size > 0) {
        this.#held.add(piece)
        const end = isLast ? this.#held.size : safeEnd(this.#held.peek(), this.#masker)
        if (end > 0) yield this.#held.take(end)
      } else {
        // Nothing waits where there is nothing to mask, and nothing is copied.
        const end = isLast ? piece.length : safeEnd(piece, this.#masker)
        if (end > 0) yield piece.subarray(0, end)
        if (end < piece.length) this.#held.add(piece.subarray(end))
      }
    }
    if (!isOpen && this.#held.size > 0) yield this.#held.take()
  }
}
