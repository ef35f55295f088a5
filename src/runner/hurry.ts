import type {EventReader, RecordedOutput} from '../event.ts'
import type {WriteLines} from '../report/log-writer.ts'

/** What ends an output that was not read to its end. */
export const cutShort = '[pwsh-pool: the rest of this output is left out, there was no time for it after the cancel]\n'

/** The same reader, to which outputs are short once `hurry` is aborted: whatever a task has printed, it is soon done with it. */
export function hurriedReader(read: EventReader, hurry: AbortSignal): EventReader {
  return event => read(event.type === 'attempt-ended' ? {...event, output: hurriedOutput(event.output, hurry)} : event)
}

function hurriedOutput(output: RecordedOutput, hurry: AbortSignal): RecordedOutput {
  return {
    size: output.size,
    async *chunks() {
      let last: Uint8Array | undefined
      for await (const chunk of output.chunks()) {
        if (hurry.aborted && last !== undefined) {
          yield Buffer.from(`${last.at(-1) === lineFeed ? '' : '\n'}${cutShort}`)
          return
        }
        yield chunk
        last = chunk
      }
    }
  }
}

const lineFeed = 0x0a

/** The same way to write, which waits for nobody once `hurry` is aborted: what a runner does not take is kept in memory. */
export function hurriedWrite(write: WriteLines, hurry: AbortSignal): WriteLines {
  const hurried = new Promise<void>(resolve => {
    hurry.addEventListener('abort', () => resolve(), {once: true})
  })
  return lines => Promise.race([write(lines), hurried])
}
