import {lstatSync, mkdirSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'

/** Writes a file atomically, and creates its folder. A special file such as `/dev/stdout` is written to directly. */
export function writeWithFolders(file: string, text: string): void {
  mkdirSync(path.dirname(file), {recursive: true})
  const there = lstatSync(file, {throwIfNoEntry: false})
  if (there !== undefined && !there.isFile()) {
    writeFileSync(file, text)
    return
  }
  const fresh = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.tmp`)
  try {
    writeFileSync(fresh, text)
    renameSync(fresh, file)
  } catch (error) {
    rmSync(fresh, {force: true})
    throw error
  }
}

/** Runs `write`; returns a sentence if it throws. */
export function unwritten(what: string, write: () => void): readonly string[] {
  try {
    write()
    return []
  } catch (error) {
    return [`${what} could not be written: ${(error as Error).message}`]
  }
}
