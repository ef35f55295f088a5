/** What a chunk of a worker's stream consists of, in order: printed before the task, by it, and after it. Empty where there is nothing. */
export interface MarkedParts {
  readonly before: Buffer
  readonly task: Buffer
  readonly after: Buffer
}

const nothing: Buffer = Buffer.alloc(0)

/**
 * Tells what a task prints from what is printed before and after it, on one stream of a worker that runs task after task. The worker writes
 * `\n\x1e<nonce>\n` where the task begins and where it ends; both are cut out with the line feed in front of them, also across chunks.
 * Nothing but the last few bytes is ever held back, whatever is printed.
 */
export class MarkedOutput {
  readonly #mark: Buffer
  #place: keyof MarkedParts = 'before'
  /** The end of what came last, as long as it may be the beginning of a mark. */
  #held: Buffer = nothing

  /** `nonce`: hexadecimal; nobody but the worker knows it. */
  constructor(nonce: string) {
    this.#mark = Buffer.from(`\n\x1e${nonce}\n`)
  }

  /** Whether both marks have been seen. */
  get isOver(): boolean {
    return this.#place === 'after'
  }

  /** Takes the next bytes of the stream. */
  take(chunk: Buffer): MarkedParts {
    const parts: Record<keyof MarkedParts, Buffer> = {before: nothing, task: nothing, after: nothing}
    let rest = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    this.#held = nothing
    while (this.#place !== 'after') {
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
    return {...parts, after: rest}
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
  for (let length = Math.min(bytes.length, mark.length - 1); length > 0; length--) {
    if (bytes.subarray(bytes.length - length).equals(mark.subarray(0, length))) return length
  }
  return 0
}
