import {findPwsh} from '../../scripts/find-pwsh.mjs'

/** Builds the embedded PowerShell, where it is needed, before the first test looks at its clock. */
export default async function globalSetup() {
  await findPwsh()
}
