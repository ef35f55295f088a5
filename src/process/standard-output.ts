import type {Writable} from 'node:stream'

/**
 * Writes text to the step's log: resolves when it has been taken, so that a fast producer waits for a slow runner instead of filling
 * memory. Rejects when the log cannot be written any more.
 */
export function writeTo(stream: Writable): (text: string | Uint8Array) => Promise<void> {
  return text =>
    new Promise((resolve, reject) => {
      stream.write(text, error => (error ? reject(error) : resolve()))
    })
}
