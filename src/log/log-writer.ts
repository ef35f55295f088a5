/** Takes text of whole lines; resolves when more may come. */
export type WriteText = (text: string) => Promise<void>

/** As `WriteText`, for text that is bytes of UTF-8 too. */
export type WriteLines = (lines: string | Uint8Array) => Promise<void>

/** The one way into the step's log: whatever is written by anybody is written whole, one after another. */
export class LogWriter {
  readonly #write: WriteLines
  #isInBlock = false
  #lastWriteAt = Date.now()

  constructor(write: WriteLines) {
    this.#write = write
  }

  /** When something was last written, in milliseconds since the epoch. */
  get lastWriteAt(): number {
    return this.#lastWriteAt
  }

  /** Whether a block is open, in which nothing else has a place. */
  get isInBlock(): boolean {
    return this.#isInBlock
  }

  /** Takes text of whole lines, as a `WriteLines` does. */
  write(lines: string | Uint8Array): Promise<void> {
    this.#lastWriteAt = Date.now()
    return this.#write(lines)
  }

  /**
   * Writes `first`, the texts, and `last`, as one block. Only what cannot wait (a mask) is to be written by others until it is complete. Rejects with what
   * `texts` throws, and ends the block before.
   */
  async writeBlock(first: string, texts: AsyncIterable<string | Uint8Array>, last: string): Promise<void> {
    this.#isInBlock = true
    let before = first
    try {
      for await (const text of texts) {
        if (text.length === 0) continue
        await this.write(typeof text === 'string' ? before + text : before === '' ? text : Buffer.concat([Buffer.from(before), text]))
        before = ''
      }
    } finally {
      this.#isInBlock = false
      // Also where the texts break off: what comes then is not to stand in this block.
      await this.write(before + last)
    }
  }
}
