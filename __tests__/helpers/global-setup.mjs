import {findPwsh} from '../../scripts/find-pwsh.mjs'

/** Installs PowerShell, where there is none, before the first test looks at its clock. */
export default async function globalSetup() {
  await findPwsh()
}
