// The PowerShell that the demo, the tests and the benches use; the product itself knows nothing of it.
import {accessSync, constants, statSync} from 'node:fs'
import path from 'node:path'
import {pathToFileURL} from 'node:url'
import {installedPwsh} from './pwsh/install-pwsh.mjs'

/** @typedef {{path: string, kind: 'named' | 'on-path' | 'installed'}} FoundPowerShell */

const fileName = process.platform === 'win32' ? 'pwsh.exe' : 'pwsh'

/**
 * `PWSH_POOL_PWSH` if it is set, else the `pwsh` on PATH, else the one from NuGet, which is installed first where that is needed.
 * @returns {Promise<FoundPowerShell>}
 */
export async function findPwsh() {
  const named = process.env.PWSH_POOL_PWSH
  if (named) {
    if (!isProgram(named)) throw new Error(`PWSH_POOL_PWSH does not name a program: "${named}"`)
    return {path: path.resolve(named), kind: 'named'}
  }
  const onPath = (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter(folder => path.isAbsolute(folder))
    .map(folder => path.join(folder, fileName))
    .find(isProgram)
  if (onPath) return {path: onPath, kind: 'on-path'}
  return {path: await installedPwsh(), kind: 'installed'}
}

/** @param {string} file */
function isProgram(file) {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

// node scripts/find-pwsh.mjs: prints the path.
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    console.log((await findPwsh()).path)
  } catch (error) {
    console.error(/** @type {Error} */ (error).message)
    process.exitCode = 1
  }
}
