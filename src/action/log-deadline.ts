import type {WriteLines} from '../log/log-writer.ts'
import type {EventReader, RecordedOutput} from '../model/event.ts'
import type {OutputPart} from '../model/output-listener.ts'

/** The note in place of the rest of an output that was not read to its end. */
export const truncationNotice = '[pwsh-pool: the rest of this output is left out, there was no time for it after the cancel]\n'

/** Wraps a reader: after `deadline` is aborted, an output ends with the parts that are being read. */
export function withReadDeadline(read: EventReader, deadline: AbortSignal): EventReader {
  return event => read(event.type === 'attempt-ended' ? {...event, output: truncatedAtDeadline(event.output, deadline)} : event)
}

function truncatedAtDeadline(output: RecordedOutput, deadline: AbortSignal): RecordedOutput {
  return {
    size: output.size,
    async *parts() {
      let size = 0
      for await (const parts of output.parts()) {
        yield parts
        for (const {bytes} of parts) size += bytes.length
        // Checked before more is read: a write that resolved at the deadline still holds the bytes of these parts, and reading would overwrite them.
        if (deadline.aborted && size < output.size) {
          yield [notice]
          return
        }
      }
    }
  }
}

const notice: OutputPart = {stream: 'stdout', bytes: Buffer.from(truncationNotice), isContinued: false, isOpen: false}

/** Wraps a writer: after `deadline` is aborted, writes resolve at once, and Node buffers what the runner does not accept. */
export function withWriteDeadline(write: WriteLines, deadline: AbortSignal): WriteLines {
  // One listener and a set of pending writes: racing each write against a promise would keep all of them in memory.
  const waiting = new Set<() => void>()
  deadline.addEventListener('abort', () => waiting.forEach(resolve => void resolve()), {once: true})
  return lines =>
    new Promise((resolve, reject) => {
      waiting.add(resolve)
      void write(lines)
        .then(resolve, reject)
        .then(() => waiting.delete(resolve))
      if (deadline.aborted) void Promise.resolve().then(resolve)
    })
}
