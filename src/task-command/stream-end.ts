/** How much of a stream's end is kept, in bytes: a few lines. */
const keptBytes = 1024

/** The end of a stream of text, whatever has been in it. */
export class StreamEnd {
  #end = Buffer.alloc(0)
  #isCut = false

  /** Takes the next bytes, which are lent until it returns. */
  push(bytes: Uint8Array): void {
    this.#isCut ||= this.#end.length + bytes.length > keptBytes
    const before = bytes.length >= keptBytes ? [] : [this.#end.subarray(Math.max(0, this.#end.length + bytes.length - keptBytes))]
    this.#end = Buffer.concat([...before, bytes.subarray(Math.max(0, bytes.length - keptBytes))])
  }

  /** The lines of it that are there as a whole. */
  lines(): readonly string[] {
    const lines = this.#end.toString().split(/\r\n|\n|\r/)
    return this.#isCut ? lines.slice(1) : lines
  }
}
