import type {OutputPart} from '../model/output-listener.ts'
import type {AttemptOutput} from './task-output.ts'

/** An output that is not recorded, because nobody reads it after the attempt. Counts its bytes. */
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
