import {mkdirSync, mkdtempSync} from 'node:fs'
import path from 'node:path'
import {root} from '../scripts/set-up.mjs'

/**
 * Makes an empty folder for one bench, which removes it. It is not below the temporary folder of the system: PowerShell looks through all entries of
 * every folder above the current one, and where thousands lie there, opening a runspace takes twice as long.
 */
export function benchFolder() {
  const parent = path.join(root, 'demo-output')
  mkdirSync(parent, {recursive: true})
  return mkdtempSync(path.join(parent, 'bench-'))
}
