import {chmodSync, lstatSync, readdirSync, rmdirSync, rmSync, unlinkSync} from 'node:fs'
import path from 'node:path'

/** Removes a file or a folder with all that is in it, as far as that can be done. Tells whether nothing is left. Never throws. */
export type RemovePath = (file: string) => boolean

/** The mode with which the owner of a folder may list and empty it. */
const ownersFolder = 0o700

/** With `node:fs`. `file`: absolute. Links are removed, and what they lead to stays. */
export const removePath: RemovePath = file => {
  try {
    rmSync(file, {recursive: true, force: true})
  } catch {}
  // It may have done nothing and not said so (nodejs/node#61067).
  return isGone(file) || removeEach(file)
}

/** One after another: what one of them is held by keeps none of the others. */
function removeEach(file: string): boolean {
  try {
    if (!lstatSync(file).isDirectory()) unlinkSync(file)
    else {
      chmodSync(file, ownersFolder)
      for (const name of readdirSync(file)) removeEach(path.join(file, name))
      rmdirSync(file)
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
