/** What is kept of the output before a mark, in bytes: its end, where a failure tells its cause. */
export const bootOutputLimit = 64 * 1024

/**
 * Tells what one stream of a worker carries before its task from what the task prints. Where modules or `setup` may print, the worker ends
 * that with a mark, `\n\x1e<token>\n`, which is cut out with the line feed in front of it. Where nothing of the user's runs before the task,
 * there is no mark: all is held until the task has begun, and is the task's then.
 */
export class BootOutput {
  readonly #mark: Buffer | undefined
  #before: Buffer = Buffer.alloc(0)
  #isOver = false

  /** `token`: of the mark, or `undefined` where there will be none. */
  constructor(token: string | undefined) {
    this.#mark = token === undefined ? undefined : Buffer.from(`\n\x1e${token}\n`)
  }

  /** Takes the next bytes of the stream and gives the part of them that is the task's; `undefined` if there is none. */
  take(chunk: Buffer): Buffer | undefined {
    if (this.#isOver) return chunk
    const all = Buffer.concat([this.#before, chunk])
    const at = this.#mark === undefined ? -1 : all.indexOf(this.#mark)
    if (this.#mark === undefined || at < 0) {
      this.#before = this.#mark === undefined ? all : all.subarray(-bootOutputLimit)
      return undefined
    }
    this.#isOver = true
    this.#before = all.subarray(0, at)
    const rest = all.subarray(at + this.#mark.length)
    return rest.length === 0 ? undefined : rest
  }

  /** The task has begun. Gives what was held for it; `undefined` if there is nothing, or a mark will tell. */
  begin(): Buffer | undefined {
    if (this.#isOver || this.#mark !== undefined) return undefined
    this.#isOver = true
    const held = this.#before
    this.#before = Buffer.alloc(0)
    return held.length === 0 ? undefined : held
  }

  /** What was printed before the task, or so far; its end if it was much. */
  get text(): Buffer {
    return this.#before
  }
}
