import ansiEscapes from 'ansi-escapes'
import {createLogUpdate} from 'log-update'
import {widthOf} from './columns.ts'

/** A terminal that is written to. */
export interface TerminalStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean
  /** Columns and rows as they are now; none where the terminal does not tell. */
  readonly columns?: number
  readonly rows?: number
  on(event: 'resize', listener: () => void): this
  off(event: 'resize', listener: () => void): this
}

/** How much there is to draw on, in columns and lines. */
export interface ScreenSize {
  readonly width: number
  readonly height: number
}

/** How often the lines at the end of the screen are drawn anew, in milliseconds. */
const drawEveryMs = 100

/**
 * The end of a terminal's text, at which some lines are drawn over and over, while other text scrolls by above them. The cursor is always seen,
 * so that nothing has to be mended however the process ends.
 */
export class Screen {
  readonly #stream: TerminalStream
  readonly #render: (size: ScreenSize) => readonly string[]
  readonly #draw: ReturnType<typeof createLogUpdate>
  #drawn: readonly string[] = []
  #timer: NodeJS.Timeout | undefined
  #isHeld = false

  /** `render`: the lines to draw, which fit the size. */
  constructor(stream: TerminalStream, render: (size: ScreenSize) => readonly string[]) {
    this.#stream = stream
    this.#render = render
    this.#draw = createLogUpdate(stream, {showCursor: true, defaultWidth: defaultSize.columns, defaultHeight: defaultSize.rows})
  }

  /** Begins to draw. */
  start(): void {
    this.#timer = setInterval(() => this.draw(), drawEveryMs).unref()
    this.#stream.on('resize', this.#onResize)
    this.draw()
  }

  /** Draws no more, and takes away what is drawn. */
  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#stream.off('resize', this.#onResize)
    this.#erase()
  }

  /** Columns and lines that may be drawn on: one less than there are, for a line that is full may already begin the next one. */
  get size(): ScreenSize {
    const {columns, rows} = this.#stream
    return {width: Math.max(1, (columns || defaultSize.columns) - 1), height: Math.max(0, (rows || defaultSize.rows) - 1)}
  }

  /** Draws the lines as they are now. */
  draw(): void {
    if (this.#isHeld || this.#timer === undefined) return
    const lines = this.#render(this.size)
    // What log-update 7 draws over a frame of another length, or where a change ends in an empty line, is not where it thinks it is.
    if (lines.length !== this.#drawn.length) this.#erase()
    if (lines.length > 0) this.#draw(lines.map(line => `${line || ' '}\n`).join(''))
    this.#drawn = lines
  }

  /** Takes away the lines and draws none until `release`, so that text can be written to the terminal. */
  hold(): void {
    this.#isHeld = true
    this.#erase()
  }

  /** Draws again. */
  release(): void {
    this.#isHeld = false
    this.draw()
  }

  #erase(): void {
    if (this.#drawn.length > 0) this.#draw.clear()
    this.#drawn = []
  }

  // A terminal that got narrower has broken the lines that were drawn: they take more rows now than were written.
  readonly #onResize = () => {
    const {width} = this.size
    const rows = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / (width + 1))), 0)
    if (rows > 0) {
      this.#stream.write(ansiEscapes.eraseLines(rows + 1))
      this.#draw.done()
      this.#drawn = []
    }
    this.draw()
  }
}

const defaultSize = {columns: 80, rows: 24} as const
