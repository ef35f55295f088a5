import {mkdtempSync, realpathSync, rmSync} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {afterAll} from '@jest/globals'

/** A folder of the calling test file's own, removed after its tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'pwsh-pool-test-'))
  afterAll(() => rmSync(folder, {recursive: true, force: true, maxRetries: 5}))
  return folder
}
