import {chmodSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {findPowerShell} from '../../src/pool/powershell.ts'
import {powershellAtHand} from '../helpers/powershell.ts'
import {temporaryFolder} from '../helpers/temporary-folder.ts'

const folder = temporaryFolder()
const onUnix = process.platform === 'win32' ? test.skip : test

/** A program that answers `-Version` and anything else with these words. */
function program(name: string, version: string, other = ''): string {
  const file = path.join(folder, name)
  mkdirSync(path.dirname(file), {recursive: true})
  writeFileSync(file, `#!/bin/sh\nif [ "$1" = -Version ]; then echo '${version}'; else echo '${other}'; fi\n`)
  chmodSync(file, 0o755)
  return file
}

const find = (shell: string) => findPowerShell(shell, process.env)

describe('findPowerShell', () => {
  test('finds the PowerShell at hand by its path, and what version it is', async () => {
    const {command, version} = await powershellAtHand()
    expect(await find(command)).toEqual({ok: true, value: {command, leadingArguments: [], edition: 'pwsh', version}})
    expect(version).toMatch(/^7\.\d+\.\d+/)
  })

  onUnix('takes a path with spaces, a preview, and leading arguments', async () => {
    const file = program('my shells/pwsh', 'PowerShell 7.7.0-preview.1')
    expect(await find(file)).toMatchObject({ok: true, value: {command: file, leadingArguments: [], version: '7.7.0-preview.1'}})
    const plain = program('pwsh', 'PowerShell 7.2.0')
    const wrapper = path.join(folder, 'wrapper')
    writeFileSync(wrapper, '#!/bin/sh\nshift\nexec "$@"\n')
    chmodSync(wrapper, 0o755)
    expect(await find(`${wrapper} "an argument" ${plain}`)).toMatchObject({
      ok: true,
      value: {command: wrapper, leadingArguments: ['an argument', plain], version: '7.2.0'}
    })
  })

  onUnix('takes the version from the files of an installation, also through a link, and asks where they do not tell it', async () => {
    const file = program('installed/pwsh', 'PowerShell 7.3.0')
    const list = path.join(path.dirname(file), 'pwsh.deps.json')
    const link = path.join(folder, 'linked')
    symlinkSync(file, link)
    for (const [text, version] of [
      ['{"libraries": {"System.Management.Automation/7.6.5": {}}}', '7.6.5'],
      ['{"libraries": {"System.Management.Automation/6.2.0": {}}}', '7.3.0'],
      ['{"libraries": {}}', '7.3.0']
    ] as const) {
      writeFileSync(list, text)
      expect(await find(file)).toMatchObject({ok: true, value: {command: file, edition: 'pwsh', version}})
      expect(await find(link)).toMatchObject({ok: true, value: {command: link, version}})
    }
  })

  onUnix('knows Windows PowerShell by what it says', async () => {
    const file = program('powershell', '-Version : a parameter is missing', 'Desktop 5.1.26100.1')
    expect(await find(file)).toMatchObject({ok: true, value: {edition: 'powershell', version: '5.1.26100.1'}})
  })

  onUnix.each([
    ['PowerShell 7.1.7', 'is PowerShell 7.1.7, which is too old; install PowerShell 7.2 or later'],
    ['PowerShell 6.2.4', 'is PowerShell 6.2.4, which is too old'],
    ['GNU bash 5.2', 'is not a PowerShell: asked for its version, it said "nothing useful"']
  ])('refuses what says "%s"', async (says, message) => {
    expect(await find(program('other', says, 'nothing useful'))).toMatchObject({ok: false, error: expect.stringContaining(message)})
  })

  test.each([
    ['a name that is not on PATH', 'no-such-pwsh', 'shell: "no-such-pwsh" was not found on PATH'],
    ['a path that is not there', path.join(folder, 'missing'), 'was not found there; install PowerShell'],
    ['the form of a workflow’s shell', 'pwsh -File {0}', 'leave out "{0}"']
  ])('refuses %s in words that help', async (_, shell, message) => {
    expect(await find(shell)).toMatchObject({ok: false, error: expect.stringContaining(message)})
  })
})
