/** The parts of a chunk, in order: output before the task, of the task, and after it. Each may be empty. */
export interface MarkedParts {
  readonly before: Buffer
  readonly task: Buffer
  readonly after: Buffer
}

const nothing: Buffer = Buffer.alloc(0)

/** First byte of a mark: the ASCII record separator, which occurs nowhere else in the mark. */
const markStart = 0x1e

/**
 * The mark that a worker writes between the output of a task and other output: `\x1e<nonce>`. It contains no line end, so a line end is never held
 * back as the possible start of a mark.
 */
export function markOf(nonce: string): Buffer {
  return Buffer.from(`${String.fromCharCode(markStart)}${nonce}`)
}

/**
 * Separates a task's output from output before and after it, on one stream of a worker. The worker writes a mark where the task begins and, if it is
 * warm, another where it ends; marks are removed, even across chunks. Bytes at the end of a chunk that may begin a mark are held back until more
 * come.
 */
export class MarkedOutput {
  readonly #mark: Buffer
  readonly #last: keyof MarkedParts
  #place: keyof MarkedParts
  /** The end of the last chunk, held back because a mark may begin there. */
  #held: Buffer = nothing

  /**
   * `nonce`: hexadecimal, known only to the worker. `marks`: how many to expect; without the first, nothing precedes the task; without the second,
   * nothing follows it.
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

  /** Splits the next bytes of the stream. */
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

  /** Returns held bytes when the stream ends. */
  finish(): MarkedParts {
    const held = this.#held
    this.#held = nothing
    return {before: nothing, task: nothing, after: nothing, [this.#place]: held}
  }
}

/** Number of bytes at the end of `bytes` that may begin `mark`. */
function beginningAtEnd(bytes: Buffer, mark: Buffer): number {
  const end = bytes.subarray(Math.max(0, bytes.length - mark.length + 1))
  const start = end.lastIndexOf(markStart)
  if (start < 0) return 0
  const beginning = end.subarray(start)
  return beginning.equals(mark.subarray(0, beginning.length)) ? beginning.length : 0
}
