/** One line of a text. */
export interface Line {
  /** The line without its line end. */
  readonly text: string
  /** From 1. */
  readonly number: number
  /** Offset in the whole text of the end of this line, before the line end. */
  readonly end: number
  /** Whether a line end follows. */
  readonly isEnded: boolean
}

/**
 * Reads a text line by line. A line ends at `\n`, on Windows also at `\r\n`, and at the end of the text.
 * Source: actions/runner, src/Runner.Worker/FileCommandManager.cs (`ReadLine`).
 */
export class LineCursor {
  /** The whole text. */
  readonly text: string
  readonly #endsAtCrLf: boolean
  #index = 0
  #number = 0

  constructor(text: string, platform: NodeJS.Platform) {
    this.text = text
    this.#endsAtCrLf = platform === 'win32'
  }

  /** Offset of the next line. */
  get index(): number {
    return this.#index
  }

  /** The next line, or `undefined` after the last. A text that ends in a line end has no empty line after it. */
  next(): Line | undefined {
    const start = this.#index
    if (start >= this.text.length) return undefined
    const lineFeed = this.text.indexOf('\n', start)
    const before = lineFeed < 0 ? this.text.length : lineFeed
    const hasReturn = this.#endsAtCrLf && lineFeed > start && this.text[lineFeed - 1] === '\r'
    const end = hasReturn ? before - 1 : before
    this.#index = before + 1
    this.#number++
    return {text: this.text.slice(start, end), number: this.#number, end, isEnded: lineFeed >= 0}
  }
}
