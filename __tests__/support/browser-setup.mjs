import {mkdtempSync, writeFileSync} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {buildPage} from '../../scripts/build-page.mjs'
import {findChromium} from '../../scripts/find-chromium.mjs'

/** Builds the page from its source, and finds or installs Chromium. Where there is none, tests in a browser are skipped. */
export default async function browserSetup() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pwsh-pool-page-'))
  process.env.PWSH_POOL_PAGE = path.join(folder, 'page.html')
  writeFileSync(process.env.PWSH_POOL_PAGE, (await buildPage()).html)
  const chromium = findChromium()
  if ('path' in chromium) process.env.PWSH_POOL_CHROMIUM = chromium.path
  else console.error(`Tests in a browser are skipped: ${chromium.missing}`)
}
