import {closeSync, constants, fstatSync, openSync, readSync, statSync} from 'node:fs'
import {failure, type Result, success} from '../model/result.ts'

/** The beginning of a file. */
export interface FileBytes {
  /** At most the requested number. */
  readonly bytes: Uint8Array
  /** Of the whole file. */
  readonly size: number
}

/**
 * Reads at most `maxBytes` bytes of a file that a task may have replaced by anything. A missing file counts as empty, as for the runner; a pipe,
 * device or endless file neither blocks nor fills the memory. The error is the end of a sentence about the file.
 */
export function readAtMost(file: string, maxBytes: number): Result<FileBytes, string> {
  try {
    // Most of these files stay empty, and a look is cheaper than to open one.
    const seen = statSync(file)
    if (seen.isFile() && seen.size === 0) return success({bytes: new Uint8Array(0), size: 0})
    // Without O_NONBLOCK a named pipe without a writer would block forever; Windows has no such flag.
    const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      const stats = fstatSync(descriptor)
      return stats.isFile() ? success(readOpen(descriptor, stats.size, maxBytes)) : failure('is not a file')
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    const {code, message} = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return success({bytes: new Uint8Array(0), size: 0})
    return failure(`cannot be read: ${message}`)
  }
}

// The size is of a moment: what the task left behind may still be writing.
function readOpen(descriptor: number, size: number, maxBytes: number): FileBytes {
  const bytes = Buffer.alloc(Math.min(size, maxBytes))
  let length = 0
  for (let read = -1; read !== 0 && length < bytes.length; length += read) {
    read = readSync(descriptor, bytes, length, bytes.length - length, null)
  }
  return {bytes: bytes.subarray(0, length), size}
}
