/** What a chunk of a worker's stream consists of, in order: printed before the task, by it, and after it. Empty where there is nothing. */
export interface MarkedParts {
  readonly before: Buffer
  readonly task: Buffer
  readonly after: Buffer
}

const nothing: Buffer = Buffer.alloc(0)

/** The first byte of a mark, which is in no other place of it: the record separator of ASCII. */
const markStart = 0x1e

/**
 * What a worker writes to a stream between what one task prints and what anything else does: `\x1e<nonce>`, and nothing behind it. No line ends in
 * it, so that no end of a line ever has to wait because a mark may begin there.
 */
export function markOf(nonce: string): Buffer {
  return Buffer.from(`${String.fromCharCode(markStart)}${nonce}`)
}

/**
 * Tells what a task prints from what is printed before and after it, on one stream of a worker. The worker writes a mark where the task begins and, if
 * it runs task after task, another one where it ends; both are cut out, also across chunks. Of a chunk that ends with what may be the beginning of a
 * mark, that much is held back until more comes; it is never the end of a line.
 */
export class MarkedOutput {
  readonly #mark: Buffer
  readonly #last: keyof MarkedParts
  #place: keyof MarkedParts
  /** The end of what came last, as long as it may be the beginning of a mark. */
  #held: Buffer = nothing

  /**
   * `nonce`: hexadecimal; nobody but the worker knows it. `marks`: how many there will be; without the first nothing is printed before the task, without
   * the second nothing after it.
   */
  constructor(nonce: string, marks: 0 | 1 | 2 = 2) {
    this.#mark = markOf(nonce)
    this.#place = marks === 0 ? 'task' : 'before'
    this.#last = marks === 2 ? 'after' : 'task'
  }

  /** Whether all marks have been seen. */
  get isOver(): boolean {
    return this.#place === this.#last
  }

  /** Takes the next bytes of the stream. */
  take(chunk: Buffer): MarkedParts {
    const parts: Record<keyof MarkedParts, Buffer> = {before: nothing, task: nothing, after: nothing}
    let rest = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    this.#held = nothing
    while (this.#place !== this.#last) {
      const at = rest.indexOf(this.#mark)
      const end = at < 0 ? rest.length - beginningAtEnd(rest, this.#mark) : at
      parts[this.#place] = rest.subarray(0, end)
      if (at < 0) {
        this.#held = rest.subarray(end)
        return parts
      }
      rest = rest.subarray(at + this.#mark.length)
      this.#place = this.#place === 'before' ? 'task' : 'after'
    }
    return {...parts, [this.#last]: rest}
  }

  /** No more will come, and no mark with it: gives what was held. */
  finish(): MarkedParts {
    const held = this.#held
    this.#held = nothing
    return {before: nothing, task: nothing, after: nothing, [this.#place]: held}
  }
}

/** How many bytes at the end of `bytes` are a beginning of `mark`; only the last bytes are looked at. */
function beginningAtEnd(bytes: Buffer, mark: Buffer): number {
  const end = bytes.subarray(Math.max(0, bytes.length - mark.length + 1))
  const start = end.lastIndexOf(markStart)
  if (start < 0) return 0
  const beginning = end.subarray(start)
  return beginning.equals(mark.subarray(0, beginning.length)) ? beginning.length : 0
}
