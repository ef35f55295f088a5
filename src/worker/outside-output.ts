import type {OutputStream, SetupListener} from '../model/output-listener.ts'
import {LastBytes} from '../spool/last-bytes.ts'

/** Bytes that are kept of each stream: those at its end, where a failure shows its cause. */
export const outsideLimit = 64 * 1024

const lineFeed = Buffer.from('\n')

/** Output of a worker that belongs to no task: that of modules and setup, and between tasks. */
export class OutsideOutput {
  readonly #listener: SetupListener | undefined
  #ends = newEnds()

  /** `listener`: receives it as it arrives. */
  constructor(listener: SetupListener | undefined) {
    this.#listener = listener
  }

  /** Takes the next bytes of a stream. */
  take(stream: OutputStream, bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#ends[stream].add(bytes)
    void this.#listener?.receive(stream, bytes)
  }

  /** Called when a task begins: ends incomplete lines. */
  endLines(): void {
    for (const stream of ['stdout', 'stderr'] as const) void this.#listener?.receive(stream, lineFeed)
  }

  /** The kept output, standard output first. */
  get text(): string {
    return Buffer.concat([this.#ends.stdout.bytes, this.#ends.stderr.bytes]).toString()
  }

  /** Discards the output so far. */
  forget(): void {
    this.#ends = newEnds()
  }
}

const newEnds = (): Readonly<Record<OutputStream, LastBytes>> => ({
  stdout: new LastBytes(outsideLimit),
  stderr: new LastBytes(outsideLimit)
})
