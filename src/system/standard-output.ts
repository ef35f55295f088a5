import type {Writable} from 'node:stream'
import {SpareMemory} from './spare-memory.ts'

/** Writes text, or bytes of UTF-8. */
export type WriteOut = (text: string | Uint8Array) => Promise<void>

/**
 * The longest text, in UTF-16 units, that Node writes without taking memory for it. For a longer one it takes three bytes for each unit, which pile up
 * until they are collected. Source: Node, src/stream_base.cc (`StreamBase::WriteString`).
 */
const shortText = Math.floor(16_384 / 3)

/**
 * Writes text to the step's log: resolves when it has been taken, so that a fast producer waits for a slow runner instead of filling
 * memory. Rejects when the log cannot be written any more.
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

/**
 * As `writeTo`, for a reader who may leave, as `head` does once it has enough: what comes then is lost, and whoever writes goes on. Rejects
 * when the stream fails in another way.
 */
export function writeToReader(stream: Writable): WriteOut {
  const write = writeTo(stream)
  // Each write is told of its own error.
  stream.on('error', () => {})
  return text =>
    write(text).catch((error: NodeJS.ErrnoException) => {
      if (!gone.includes(error.code ?? '')) throw error
    })
}

/** The errors of a pipe whose reader has left, of a terminal that was closed, and of all that is written afterwards. */
const gone: readonly string[] = ['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED']

/**
 * Ends this process as soon as all that was written to these streams has been taken, with the exit code that is set. Nothing else is waited for: a
 * program that was asked and does not answer, or a pipe that somebody has inherited, must not keep it alive.
 */
export function endWhenWritten(streams: readonly Writable[]): void {
  let open = streams.length
  const close = () => {
    open--
    if (open === 0) process.exit()
  }
  for (const stream of streams) stream.write('', close)
}
