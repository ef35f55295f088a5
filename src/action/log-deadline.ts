import type {WriteLines} from '../log/log-writer.ts'
import type {EventReader, RecordedOutput} from '../model/event.ts'

/** Replaces the rest of an output that was not read to its end. */
export const truncationNotice = '[pwsh-pool: the rest of this output is left out, there was no time for it after the cancel]\n'

/** Wraps a reader: once `deadline` is aborted, an output ends after the chunk that is being read. */
export function withReadDeadline(read: EventReader, deadline: AbortSignal): EventReader {
  return event => read(event.type === 'attempt-ended' ? {...event, output: truncatedAtDeadline(event.output, deadline)} : event)
}

function truncatedAtDeadline(output: RecordedOutput, deadline: AbortSignal): RecordedOutput {
  return {
    size: output.size,
    hasCommandSigns: output.hasCommandSigns,
    async *chunks() {
      let lastByte: number | undefined
      for await (const chunk of output.chunks()) {
        if (deadline.aborted && lastByte !== undefined) {
          yield Buffer.from(`${lastByte === lineFeed ? '' : '\n'}${truncationNotice}`)
          return
        }
        lastByte = chunk.at(-1) ?? lastByte ?? lineFeed
        yield chunk
      }
    }
  }
}

const lineFeed = 0x0a

/** Wraps a writer: once `deadline` is aborted, writes resolve at once and Node buffers what the runner does not take. */
export function withWriteDeadline(write: WriteLines, deadline: AbortSignal): WriteLines {
  // One listener for all writes, with a set of pending ones: a promise raced with each write would retain them all.
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
