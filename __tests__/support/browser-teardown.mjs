import {rmSync} from 'node:fs'
import path from 'node:path'

/** Removes the page that the set-up has built. */
export default function browserTeardown() {
  if (process.env.PWSH_POOL_PAGE) rmSync(path.dirname(process.env.PWSH_POOL_PAGE), {recursive: true, force: true})
}
