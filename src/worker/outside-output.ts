import type {SetupListener} from '../model/output-listener.ts'
import {LastBytes} from '../recording/last-bytes.ts'
import type {OutputStream} from '../recording/task-output.ts'

/** What is kept of each stream, in bytes: its end, where a failure tells its cause. */
export const outsideLimit = 64 * 1024

const lineFeed = Buffer.from('\n')

/** What a worker prints that is no task's: what modules and setup print, and what comes when no task is running. */
export class OutsideOutput {
  readonly #listener: SetupListener | undefined
  #ends = newEnds()

  /** `listener` hears it as it is printed. */
  constructor(listener: SetupListener | undefined) {
    this.#listener = listener
  }

  /** Takes the next bytes of a stream. */
  take(stream: OutputStream, bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#ends[stream].add(bytes)
    void this.#listener?.hear(stream, bytes)
  }

  /** A task begins: a line that has no end is over. */
  endLines(): void {
    for (const stream of ['stdout', 'stderr'] as const) void this.#listener?.hear(stream, lineFeed)
  }

  /** The end of all that it has taken, of standard output first. */
  get text(): string {
    return Buffer.concat([this.#ends.stdout.bytes, this.#ends.stderr.bytes]).toString()
  }

  /** What it has taken so far says nothing any more. */
  forget(): void {
    this.#ends = newEnds()
  }
}

const newEnds = (): Readonly<Record<OutputStream, LastBytes>> => ({
  stdout: new LastBytes(outsideLimit),
  stderr: new LastBytes(outsideLimit)
})
