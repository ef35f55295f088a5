/** What is kept of the output before the mark, in bytes: its end, where a failure tells its cause. */
export const bootOutputLimit = 64 * 1024

/**
 * Cuts one stream of a worker at the mark that the worker prints before its task: what comes before belongs to modules and `setup`, what
 * comes after to the task. The mark is `\n\x1e<token>\n`, the line feed in front of it included.
 */
export class MarkCutter {
  readonly #mark: Buffer
  #before = Buffer.alloc(0)
  #hasPassed = false

  constructor(token: string) {
    this.#mark = Buffer.from(`\n\x1e${token}\n`)
  }

  /** The part of the chunk that belongs to the task; `undefined` if there is none. */
  afterMark(chunk: Buffer): Buffer | undefined {
    if (this.#hasPassed) return chunk
    const all = Buffer.concat([this.#before, chunk])
    const at = all.indexOf(this.#mark)
    if (at < 0) {
      this.#before = all.subarray(-bootOutputLimit)
      return undefined
    }
    this.#hasPassed = true
    this.#before = all.subarray(0, at)
    const rest = all.subarray(at + this.#mark.length)
    return rest.length === 0 ? undefined : rest
  }

  /** What was printed before the mark, or so far; its end if it was much. */
  get bootOutput(): Buffer {
    return this.#before
  }
}
