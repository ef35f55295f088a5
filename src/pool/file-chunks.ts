import {open} from 'node:fs/promises'

/** How much is read at once, in bytes. */
const chunkSize = 1024 * 1024

/** The bytes of a file from its start. Each chunk is lent until the next is asked for: all of them are in the same memory. */
export async function* fileChunks(file: string): AsyncIterable<Buffer> {
  const handle = await open(file)
  try {
    const memory = Buffer.allocUnsafeSlow(chunkSize)
    for (;;) {
      const {bytesRead} = await handle.read(memory)
      if (bytesRead === 0) return
      yield memory.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}
