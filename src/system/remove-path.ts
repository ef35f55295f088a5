import {lstatSync} from 'node:fs'
import {chmod, lstat, readdir, rm, rmdir, unlink} from 'node:fs/promises'
import path from 'node:path'

/** Removes a file or a folder with its contents as far as possible; resolves with whether nothing is left. Never rejects. */
export type RemovePath = (file: string) => Promise<boolean>

/** Mode that lets the owner list and empty a folder. */
const ownersFolder = 0o700

/**
 * Removes with `node:fs`. `file`: absolute. Links are removed, their targets stay. The event loop goes on meanwhile: a task may have left any number of
 * files, and the time limits of others are not to wait for them.
 */
export const removePath: RemovePath = async file => {
  try {
    await rm(file, {recursive: true, force: true})
  } catch {}
  // It may have done nothing and not said so (nodejs/node#61067).
  return isGone(file) || (await removeEach(file))
}

/** Removes entries one by one, so that one that cannot be removed keeps no other. */
async function removeEach(file: string): Promise<boolean> {
  try {
    if (!(await lstat(file)).isDirectory()) await unlink(file)
    else {
      await chmod(file, ownersFolder)
      for (const name of await readdir(file)) await removeEach(path.join(file, name))
      await rmdir(file)
    }
  } catch {}
  return isGone(file)
}

function isGone(file: string): boolean {
  try {
    return lstatSync(file, {throwIfNoEntry: false}) === undefined
  } catch {
    return false
  }
}
