import type {WriteLines} from '../log/log-writer.ts'
import type {EventReader, RecordedOutput} from '../model/event.ts'

/** What ends an output that was not read to its end. */
export const cutShort = '[pwsh-pool: the rest of this output is left out, there was no time for it after the cancel]\n'

/** The same reader, to which outputs are short once `hurry` is aborted: whatever a task has printed, it is soon done with it. */
export function hurriedReader(read: EventReader, hurry: AbortSignal): EventReader {
  return event => read(event.type === 'attempt-ended' ? {...event, output: hurriedOutput(event.output, hurry)} : event)
}

function hurriedOutput(output: RecordedOutput, hurry: AbortSignal): RecordedOutput {
  return {
    size: output.size,
    hasCommandSigns: output.hasCommandSigns,
    async *chunks() {
      let lastByte: number | undefined
      for await (const chunk of output.chunks()) {
        if (hurry.aborted && lastByte !== undefined) {
          yield Buffer.from(`${lastByte === lineFeed ? '' : '\n'}${cutShort}`)
          return
        }
        lastByte = chunk.at(-1) ?? lastByte ?? lineFeed
        yield chunk
      }
    }
  }
}

const lineFeed = 0x0a

/** The same way to write, which waits for nobody once `hurry` is aborted: what a runner does not take is kept in memory. */
export function hurriedWrite(write: WriteLines, hurry: AbortSignal): WriteLines {
  // One listener for all writes, which knows only those that wait: a promise that is raced with each of them would keep them all.
  const waiting = new Set<() => void>()
  hurry.addEventListener('abort', () => waiting.forEach(resolve => void resolve()), {once: true})
  return lines =>
    new Promise((resolve, reject) => {
      waiting.add(resolve)
      void write(lines)
        .then(resolve, reject)
        .then(() => waiting.delete(resolve))
      if (hurry.aborted) void Promise.resolve().then(resolve)
    })
}
