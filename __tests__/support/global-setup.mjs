import {buildWorker} from '../../scripts/build-worker.mjs'
import {findPwsh} from '../../scripts/find-pwsh.mjs'
import {installedToolShim} from '../../scripts/pwsh/install-pwsh.mjs'

/**
 * Compiles the worker, unless that is done, and installs PowerShell, where there is none, before the first test looks at its clock, and the .NET tool for the tests that are about it. Where there is
 * no .NET SDK these are skipped.
 */
export default async function globalSetup() {
  buildWorker()
  await findPwsh()
  try {
    process.env.PWSH_POOL_TOOL_SHIM ??= await installedToolShim()
  } catch (error) {
    console.error(`Tests of the .NET tool are skipped: ${/** @type {Error} */ (error).message}`)
  }
}
