import type {Writable} from 'node:stream'
import {SpareMemory} from '../spare-memory.ts'

/** Writes text, or bytes, which are free to be used again once `takeBack` is called. */
export type WriteOut = (text: string | Uint8Array, takeBack?: () => void) => Promise<void>

/**
 * Writes text to the step's log: resolves when it has been taken, so that a fast producer waits for a slow runner instead of filling
 * memory. Rejects when the log cannot be written any more.
 */
export function writeTo(stream: Writable): WriteOut {
  const spares = new SpareMemory()
  const writeBytes = (bytes: Uint8Array, takeBack?: () => void) =>
    new Promise<void>((resolve, reject) => {
      stream.write(bytes, error => {
        takeBack?.()
        if (error) reject(error)
        else resolve()
      })
    })
  return (text, takeBack) => {
    if (typeof text !== 'string') return writeBytes(text, takeBack)
    // Node would take new memory for each text, three bytes for each of its units.
    const bytes = spares.take(Buffer.byteLength(text))
    bytes.write(text)
    return writeBytes(bytes, () => spares.giveBack(bytes))
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
  return (text, takeBack) =>
    write(text, takeBack).catch((error: NodeJS.ErrnoException) => {
      if (!gone.includes(error.code ?? '')) throw error
    })
}

/** The errors of a pipe whose reader has left, of a terminal that was closed, and of all that is written afterwards. */
const gone: readonly string[] = ['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED']
