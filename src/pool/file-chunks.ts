import {open} from 'node:fs/promises'

/** How much is read at once, in bytes. */
const chunkSize = 512 * 1024

/**
 * The bytes of a file from its start. Each chunk is lent until the next is asked for: all of them are in the same memory, of which one half is read
 * into while the other one is used.
 */
export async function* fileChunks(file: string): AsyncIterable<Buffer> {
  const handle = await open(file)
  let [current, next] = [Buffer.allocUnsafeSlow(chunkSize), Buffer.allocUnsafeSlow(chunkSize)]
  // Nobody waits for it while a chunk is used: what it fails with is told when the next one is asked for.
  const readInto = (memory: Buffer) => {
    const reading = handle.read(memory)
    reading.catch(() => {})
    return reading
  }
  let reading = readInto(current)
  try {
    for (;;) {
      const {bytesRead} = await reading
      if (bytesRead === 0) return
      reading = readInto(next)
      yield current.subarray(0, bytesRead)
      ;[current, next] = [next, current]
    }
  } finally {
    await reading.catch(() => {})
    await handle.close()
  }
}
