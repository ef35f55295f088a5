import {EventEmitter} from 'node:events'
import xterm from '@xterm/headless'
import type {TerminalStream} from '../../src/cli/terminal/screen.ts'

/** A terminal without a window, and the stream that a program writes to it. */
export class HeadlessTerminal {
  readonly #terminal: InstanceType<typeof xterm.Terminal>
  readonly #emitter = new EventEmitter()
  readonly stream: TerminalStream
  /** All that was written to it. */
  written = ''

  constructor(columns: number, rows: number) {
    this.#terminal = new xterm.Terminal({cols: columns, rows, scrollback: 100_000, allowProposedApi: true, convertEol: true})
    const terminal = this.#terminal
    const write = (text: string | Uint8Array) => {
      this.written += text.toString()
      terminal.write(text)
      return true
    }
    this.stream = Object.defineProperties(Object.assign(this.#emitter, {isTTY: true, write}), {
      columns: {get: () => terminal.cols, configurable: true},
      rows: {get: () => terminal.rows, configurable: true}
    }) as unknown as TerminalStream
  }

  /** Writes as a program does that waits for the terminal. */
  readonly write = (text: string | Uint8Array): Promise<void> => {
    this.stream.write(text)
    return Promise.resolve()
  }

  /** Changes its size, and tells the program. */
  async resize(columns: number, rows: number): Promise<void> {
    await this.#settled()
    this.#terminal.resize(columns, rows)
    this.#emitter.emit('resize')
  }

  /** Every line, those that have scrolled away first, wrapped ones joined; without white space at their ends, nor blank lines at the end. */
  async lines(): Promise<string[]> {
    await this.#settled()
    const {active} = this.#terminal.buffer
    const lines: string[] = []
    for (let i = 0; i < active.length; i++) {
      const line = active.getLine(i)
      const text = line?.translateToString(true) ?? ''
      if (line?.isWrapped === true) lines.push((lines.pop() ?? '') + text)
      else lines.push(text)
    }
    return lines
      .map(line => line.trimEnd())
      .join('\n')
      .trimEnd()
      .split('\n')
  }

  /** Whether the cursor can be seen. */
  async isCursorShown(): Promise<boolean> {
    await this.#settled()
    return this.written.lastIndexOf('\u001B[?25l') <= this.written.lastIndexOf('\u001B[?25h')
  }

  #settled(): Promise<void> {
    return new Promise(resolve => this.#terminal.write('', resolve))
  }
}
