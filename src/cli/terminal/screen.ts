import ansiEscapes from 'ansi-escapes'
import {createLogUpdate} from 'log-update'
import {widthOf} from './columns.ts'

/** A terminal to write to. */
export interface TerminalStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean
  /** Current columns and rows; `undefined` if unknown. */
  readonly columns?: number
  readonly rows?: number
  on(event: 'resize', listener: () => void): this
  off(event: 'resize', listener: () => void): this
}

/** The drawing area, in columns and lines. */
export interface ScreenSize {
  readonly width: number
  readonly height: number
}

/** Interval of redrawing, in milliseconds. */
const drawEveryMs = 100

/**
 * The last lines of a terminal, which are redrawn while other text scrolls above them. The cursor is never hidden, so nothing has to be restored
 * however the process ends.
 */
export class Screen {
  readonly #stream: TerminalStream
  readonly #render: (size: ScreenSize) => readonly string[]
  readonly #draw: ReturnType<typeof createLogUpdate>
  #drawn: readonly string[] = []
  #timer: NodeJS.Timeout | undefined
  #isHeld = false

  /** `render`: returns lines that fit the size. */
  constructor(stream: TerminalStream, render: (size: ScreenSize) => readonly string[]) {
    this.#stream = stream
    this.#render = render
    this.#draw = createLogUpdate(stream, {showCursor: true, defaultWidth: defaultSize.columns, defaultHeight: defaultSize.rows})
  }

  /** Starts drawing. */
  start(): void {
    this.#timer = setInterval(() => this.draw(), drawEveryMs).unref()
    this.#stream.on('resize', this.#onResize)
    this.draw()
  }

  /** Stops drawing, and erases the drawn lines. */
  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#stream.off('resize', this.#onResize)
    this.#erase()
  }

  /** The usable columns and lines: one less than the terminal has, because a full line may already wrap. */
  get size(): ScreenSize {
    const {columns, rows} = this.#stream
    return {width: Math.max(1, (columns || defaultSize.columns) - 1), height: Math.max(0, (rows || defaultSize.rows) - 1)}
  }

  /** Redraws the lines. */
  draw(): void {
    if (this.#isHeld || this.#timer === undefined) return
    const lines = this.#render(this.size)
    // log-update 7 loses its position after a frame of another length, or after a change that ends in an empty line.
    if (lines.length !== this.#drawn.length) this.#erase()
    if (lines.length > 0) this.#draw(lines.map(line => `${line || ' '}\n`).join(''))
    this.#drawn = lines
  }

  /** Erases the lines and pauses until `release`, so that text can be written. */
  hold(): void {
    this.#isHeld = true
    this.#erase()
  }

  /** Resumes drawing. */
  release(): void {
    this.#isHeld = false
    this.draw()
  }

  #erase(): void {
    if (this.#drawn.length > 0) this.#draw.clear()
    this.#drawn = []
  }

  // A terminal that became narrower has wrapped the drawn lines, so they take more rows than were written.
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
