import {lstatSync, mkdirSync} from 'node:fs'
import {open, rename, rm} from 'node:fs/promises'
import path from 'node:path'

/** Appends text or bytes; resolves once they are written. */
export type Append = (data: string | Uint8Array) => Promise<void>

/**
 * Writes a file piece by piece, and creates its folder. The file gets its name once it is complete. A special file such as `/dev/stdout` is written
 * to directly. Rejects with file system errors, and then leaves no file.
 */
export async function writeStreamed(file: string, write: (append: Append) => Promise<void>): Promise<void> {
  mkdirSync(path.dirname(file), {recursive: true})
  const there = lstatSync(file, {throwIfNoEntry: false})
  const isSpecial = there !== undefined && !there.isFile()
  const fresh = isSpecial ? file : path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.tmp`)
  try {
    const handle = await open(fresh, 'w')
    try {
      await write(async data => {
        await handle.writeFile(data)
      })
    } finally {
      await handle.close()
    }
    if (!isSpecial) await rename(fresh, file)
  } catch (error) {
    if (!isSpecial) await rm(fresh, {force: true})
    throw error
  }
}
