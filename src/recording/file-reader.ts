import {open} from 'node:fs/promises'

/** Reads bytes in order. */
export interface ByteReader {
  /** The next ones: so many, fewer only at their end. Nobody writes over them. Rejects with what the file system throws. */
  read(length: number): Promise<Buffer>
  close(): Promise<void>
}

/** Reads a file from its start. A stream of Node's takes a fifth more of all the processor time that much output costs. */
export async function openFileReader(file: string): Promise<ByteReader> {
  const handle = await open(file)
  return {
    async read(length) {
      const buffer = Buffer.allocUnsafeSlow(length)
      let size = 0
      while (size < length) {
        const {bytesRead} = await handle.read(buffer, size, length - size)
        if (bytesRead === 0) break
        size += bytesRead
      }
      return buffer.subarray(0, size)
    },
    close: () => handle.close()
  }
}
