import {chmodSync, lstatSync, readdirSync, rmdirSync, rmSync, unlinkSync} from 'node:fs'
import path from 'node:path'

/** Removes a file or a folder with its contents as far as possible; returns whether nothing is left. Never throws. */
export type RemovePath = (file: string) => boolean

/** Mode that lets the owner list and empty a folder. */
const ownersFolder = 0o700

/** Removes with `node:fs`. `file`: absolute. Links are removed, their targets stay. */
export const removePath: RemovePath = file => {
  try {
    rmSync(file, {recursive: true, force: true})
  } catch {}
  // It may have done nothing and not said so (nodejs/node#61067).
  return isGone(file) || removeEach(file)
}

/** Removes entries one by one, so that one that cannot be removed keeps no other. */
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
