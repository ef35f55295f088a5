import type {AttemptOutput} from './task-output.ts'

/** What is known of the output of an attempt that nobody will read once more: how much it was. */
export class UnrecordedOutput implements AttemptOutput {
  /** Nothing can be looked for in it. */
  readonly hasCommandSigns = false
  #size = 0

  get size(): number {
    return this.#size
  }

  append(_stream: string, {length}: Buffer): void {
    this.#size += length
  }

  finish(): void {}

  markWithoutCommandSigns(): void {}

  async *chunks(): AsyncIterable<Uint8Array> {}

  async discard(): Promise<void> {}
}
