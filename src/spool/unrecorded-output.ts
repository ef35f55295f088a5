import type {OutputPart} from '../model/output-listener.ts'
import type {AttemptOutput} from './task-output.ts'

/** What is known of the output of an attempt that nobody will read once more: how much it was. */
export class UnrecordedOutput implements AttemptOutput {
  #size = 0

  get size(): number {
    return this.#size
  }

  add({bytes}: OutputPart): void {
    this.#size += bytes.length
  }

  finish(): void {}

  async *parts(): AsyncIterable<readonly OutputPart[]> {}

  async discard(): Promise<void> {}
}
