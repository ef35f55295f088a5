import {markOf} from './marked-output.ts'

/** What is kept of the output before a mark, in bytes: its end, where a failure tells its cause. */
export const bootOutputLimit = 64 * 1024

const nothing: Buffer = Buffer.alloc(0)

/**
 * Tells what one stream of a worker carries before its task from what the task prints. Where modules or `setup` may print, the worker ends
 * that with a mark, which is cut out. Where nothing of the user's runs before the task, there is no mark, and all is the task's.
 */
export class BootOutput {
  readonly #mark: Buffer | undefined
  #before = nothing
  #isOver: boolean

  /** `token`: of the mark, or `undefined` where there will be none. */
  constructor(token: string | undefined) {
    this.#mark = token === undefined ? undefined : markOf(token)
    this.#isOver = token === undefined
  }

  /** Takes the next bytes of the stream and gives the part of them that is the task's. */
  take(chunk: Buffer): Buffer {
    if (this.#isOver || this.#mark === undefined) return chunk
    const all = Buffer.concat([this.#before, chunk])
    const at = all.indexOf(this.#mark)
    this.#isOver = at >= 0
    this.#before = at < 0 ? all.subarray(-bootOutputLimit) : all.subarray(0, at)
    return at < 0 ? nothing : all.subarray(at + this.#mark.length)
  }

  /** What was printed before the task, or so far; its end if it was much. */
  get text(): Buffer {
    return this.#before
  }
}
