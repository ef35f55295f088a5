import {findPwsh} from '../../scripts/find-pwsh.mjs'
import type {PowerShell} from '../../src/model/event.ts'
import {findPowerShell} from '../../src/powershell/find-powershell.ts'

/** The PowerShell at hand, as the product finds it when a `shell` input names its path. */
export async function powershellAtHand(): Promise<PowerShell> {
  const {path} = await findPwsh()
  const found = await findPowerShell(path, {workspace: process.cwd(), environment: process.env})
  if (!found.ok) throw new Error(found.error)
  return found.value
}
