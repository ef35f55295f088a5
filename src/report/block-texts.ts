import type {RecordedOutput} from '../event.ts'
import type {ShownLines} from '../task-command/shown-output.ts'
import type {LogMarkup} from './log-markup.ts'

/** Lines of tasks as they stand in a block. */
export async function* inBlock(texts: AsyncIterable<ShownLines>, {block}: LogMarkup): AsyncIterable<ShownLines> {
  for await (const lines of texts) yield block(lines)
}

/** A text as if a task had printed it. */
export function asOutput(text: string): Pick<RecordedOutput, 'chunks'> {
  return {
    async *chunks() {
      yield Buffer.from(text)
    }
  }
}
