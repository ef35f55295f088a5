import type {SetupListener} from '../output-listener.ts'
import type {OutputStream} from './task-output.ts'

/** What is kept of each stream, in bytes: its end, where a failure tells its cause. */
export const outsideLimit = 64 * 1024

const nothing: Buffer = Buffer.alloc(0)
const lineFeed = Buffer.from('\n')

/** What a worker prints that is no task's: what modules and setup print, and what comes when no task is running. */
export class OutsideOutput {
  readonly #listener: SetupListener | undefined
  readonly #ends: Record<OutputStream, Buffer> = {stdout: nothing, stderr: nothing}

  /** `listener` hears it as it is printed. */
  constructor(listener: SetupListener | undefined) {
    this.#listener = listener
  }

  /** Takes the next bytes of a stream, which are lent until it returns. */
  take(stream: OutputStream, bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#ends[stream] = Buffer.concat([this.#ends[stream], bytes]).subarray(-outsideLimit)
    void this.#listener?.hear(stream, bytes)
  }

  /** A task begins: a line that has no end is over. */
  endLines(): void {
    for (const stream of ['stdout', 'stderr'] as const) void this.#listener?.hear(stream, lineFeed)
  }

  /** The end of all that it has taken, of standard output first. */
  get text(): string {
    return Buffer.concat([this.#ends.stdout, this.#ends.stderr]).toString()
  }

  /** What it has taken so far says nothing any more. */
  forget(): void {
    this.#ends.stdout = this.#ends.stderr = nothing
  }
}
