/** Writes text of whole lines. Resolves when more can be written. */
export type WriteText = (text: string) => Promise<void>

/** As `WriteText`; also writes UTF-8 bytes. */
export type WriteLines = (lines: string | Uint8Array) => Promise<void>

/**
 * How much of a block waits for the rest of it, in characters or bytes. A write costs more than all else in a short block, and what a task of one line
 * prints is then one write.
 */
const mostWaiting = 8 * 1024

/** The only writer of the step's log. Each write stays whole, and blocks are not interrupted. */
export class LogWriter {
  readonly #write: WriteLines
  #isInBlock = false
  #lastWriteAt = Date.now()

  constructor(write: WriteLines) {
    this.#write = write
  }

  /** Time of the last write, in milliseconds since the epoch. */
  get lastWriteAt(): number {
    return this.#lastWriteAt
  }

  /** Whether a block is open. Nothing else belongs into it. */
  get isInBlock(): boolean {
    return this.#isInBlock
  }

  /** Writes text of whole lines (`WriteLines`). */
  write(lines: string | Uint8Array): Promise<void> {
    this.#lastWriteAt = Date.now()
    return this.#write(lines)
  }

  /**
   * Writes `first`, the texts and `last` as one block. Until it is complete others may write only what cannot wait, such as a mask. If `texts` throws, ends
   * the block and rejects with that error.
   */
  async writeBlock(first: string, texts: AsyncIterable<string | Buffer>, last: string): Promise<void> {
    this.#isInBlock = true
    let waiting = first
    try {
      for await (const text of texts) {
        if (waiting.length + text.length <= mostWaiting) waiting += text.toString()
        else {
          await this.write(joined(waiting, text))
          waiting = ''
        }
      }
    } finally {
      this.#isInBlock = false
      // Also after an error, so that later lines are not in this block.
      await this.write(waiting + last)
    }
  }
}

function joined(before: string, text: string | Buffer): string | Uint8Array {
  if (typeof text === 'string') return before + text
  return before === '' ? text : Buffer.concat([Buffer.from(before), text])
}
