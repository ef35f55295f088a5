import type {Writable} from 'node:stream'
import {SpareMemory} from './spare-memory.ts'

/** Writes text, or bytes of UTF-8. */
export type WriteOut = (text: string | Uint8Array) => Promise<void>

/**
 * Longest text that Node writes without allocating, in UTF-16 units. A longer one takes three bytes for each unit, which pile up until they are
 * collected.
 * Source: Node, src/stream_base.cc (`StreamBase::WriteString`).
 */
const shortText = Math.floor(16_384 / 3)

/**
 * Returns a writer to `stream` with backpressure: a write resolves when the stream has taken it, so a slow runner slows the producer instead of
 * filling memory. Rejects when the stream can no longer be written.
 */
export function writeTo(stream: Writable): WriteOut {
  const spares = new SpareMemory()
  const write: WriteOut = text =>
    new Promise((resolve, reject) => {
      stream.write(text, error => {
        if (error) reject(error)
        else resolve()
      })
    })
  return text => {
    if (typeof text !== 'string' || text.length <= shortText) return write(text)
    const bytes = spares.take(Buffer.byteLength(text))
    bytes.write(text)
    return write(bytes).finally(() => spares.giveBack(bytes))
  }
}

/** As `writeTo`, for a reader that may close the pipe early, as `head` does: later text is dropped. Rejects on other errors. */
export function writeToReader(stream: Writable): WriteOut {
  const write = writeTo(stream)
  // Each write gets its own error.
  stream.on('error', () => {})
  return text =>
    write(text).catch((error: NodeJS.ErrnoException) => {
      if (!gone.includes(error.code ?? '')) throw error
    })
}

/** Errors of a closed pipe or terminal. */
const gone: readonly string[] = ['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED']

/**
 * Exits, with the exit code that is set, as soon as these streams have taken everything. Nothing else is waited for: a program that does not answer,
 * or an inherited pipe, must not keep the process alive.
 */
export function endWhenWritten(streams: readonly Writable[]): void {
  let open = streams.length
  const close = () => {
    open--
    if (open === 0) process.exit()
  }
  for (const stream of streams) stream.write('', close)
}
