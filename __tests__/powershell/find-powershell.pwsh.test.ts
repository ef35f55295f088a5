import {spawnSync} from 'node:child_process'
import {chmodSync, mkdirSync, realpathSync, symlinkSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, jest, test} from '@jest/globals'
import {findPowerShell, type PowerShellSearch} from '../../src/powershell/find-powershell.ts'
import {powershellAtHand} from '../support/powershell.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

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

const find = (shell: string, search: Partial<PowerShellSearch> = {}) =>
  findPowerShell(shell, {workspace: folder, environment: process.env, ...search})

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
    ['an empty name', '""', 'shell: "" was not found on PATH'],
    ['a path that is not there', path.join(folder, 'missing'), `there is no file "${path.join(folder, 'missing')}"; install PowerShell`],
    ['a relative path that is not there', './tools/missing', `there is no file "./tools/missing" in the workspace (${folder}); install`],
    ['a folder', '.', 'shell: "." was not found on PATH'],
    ['a folder by its path', folder, `shell: "${folder}" is a folder; install`],
    ['a command line with a NUL', 'pwsh \0', 'shell: got "pwsh \\u0000"; a command line can have no NUL in it'],
    ['the form of a workflow’s shell', 'pwsh -File {0}', 'leave out "{0}"']
  ])('refuses %s in words that help', async (_, shell, message) => {
    expect(await find(shell)).toMatchObject({ok: false, error: expect.stringContaining(message)})
  })

  onUnix('refuses what may not be executed', async () => {
    const file = path.join(folder, 'not-executable')
    writeFileSync(file, '#!/bin/sh\n')
    expect(await find(file)).toMatchObject({ok: false, error: expect.stringContaining(`shell: ${file} may not be executed; install`)})
  })

  onUnix('takes a relative path for one in the workspace, with spaces or leading arguments', async () => {
    const file = program('tools of mine/pwsh', 'PowerShell 7.5.1')
    program('tools/pwsh', 'PowerShell 7.4.2')
    expect(await find('./tools of mine/pwsh')).toMatchObject({ok: true, value: {command: file, version: '7.5.1'}})
    expect(await find('tools/pwsh')).toMatchObject({ok: true, value: {version: '7.4.2'}})
    expect(await find('../pwsh -Version', {workspace: path.join(folder, 'tools', 'inner')})).toMatchObject({
      ok: true,
      value: {command: path.join(folder, 'tools', 'pwsh'), leadingArguments: ['-Version']}
    })
  })

  onUnix('passes over folders on PATH that are none, and prints nothing about it', async () => {
    const file = program('on path/pwsh', 'PowerShell 7.4.2')
    const noFolder = path.join(folder, 'no-folder')
    writeFileSync(noFolder, '')
    const log = jest.spyOn(console, 'log')
    const PATH = [noFolder, path.join(folder, 'missing'), '', path.dirname(file)].join(':')
    expect(await find('pwsh', {environment: {PATH}})).toMatchObject({ok: true, value: {command: file}})
    expect(log).not.toHaveBeenCalled()
  })
})

describe('findPowerShell, where `pwsh` is that of a .NET tool', () => {
  /** The tool as `dotnet tool install` lays it out, for both kinds of system. */
  function installTool(name: string, version: string, separator = '/'): {readonly shim: string; readonly dll: (system: string) => string} {
    const tool = path.join(folder, name)
    const inner = ['.store', 'powershell', '1', 'powershell', '1', 'tools', 'net10.0', 'any']
    for (const system of ['unix', 'win']) {
      const home = path.join(tool, ...inner, system)
      mkdirSync(home, {recursive: true})
      writeFileSync(path.join(home, 'pwsh.dll'), '')
      writeFileSync(path.join(home, 'pwsh.deps.json'), `{"libraries": {"System.Management.Automation/${version}": {}}}`)
    }
    const shim = path.join(tool, 'pwsh')
    const assembly = [...inner, 'Microsoft.PowerShell.GlobalTool.Shim.dll'].join(separator)
    writeFileSync(shim, `#!/bin/sh\necho PowerShell 7.0.0\nexit\n\0\0${assembly}\0\0`, {mode: 0o755})
    return {shim, dll: system => path.join(tool, ...inner, system, 'pwsh.dll')}
  }

  onUnix('starts what it would start, also through a link and with leading arguments', async () => {
    const {shim, dll} = installTool('tool', '7.6.9')
    const dotnet = program('dotnet home/dotnet', '')
    const environment = {PATH: `${path.dirname(dotnet)}:${path.dirname(shim)}`}
    const link = path.join(folder, 'tool-link')
    symlinkSync(shim, link)
    const expected = {command: dotnet, leadingArguments: [dll('unix')], edition: 'pwsh', version: '7.6.9'}
    for (const shell of ['pwsh', shim, link]) expect(await find(shell, {environment})).toEqual({ok: true, value: expected})
    expect(await find(`${shim} -NoLogo`, {environment})).toEqual({
      ok: true,
      value: {...expected, leadingArguments: [dll('unix'), '-NoLogo']}
    })
  })

  onUnix('does the same on Windows', async () => {
    const {shim, dll} = installTool('windows tool', '7.6.9', '\\')
    const dotnet = program('dotnet for windows/dotnet.exe', '')
    const value = {command: dotnet, leadingArguments: [dll('win')], edition: 'pwsh', version: '7.6.9'}
    expect(await find(shim, {environment: {Path: path.dirname(dotnet)}, platform: 'win32'})).toEqual({ok: true, value})
  })

  onUnix('asks the tool where there is no dotnet to start, and refuses it where it is too old', async () => {
    const {shim} = installTool('old tool', '7.1.0')
    const tooOld = {ok: false, error: expect.stringContaining('is PowerShell 7.0.0, which is too old')}
    expect(await find(shim)).toMatchObject(tooOld)
    expect(await find(installTool('lonely tool', '7.6.9').shim, {environment: {PATH: ''}})).toMatchObject(tooOld)
  })

  const {PWSH_POOL_TOOL_SHIM: tool = ''} = process.env
  const whereInstalled = tool === '' ? test.skip : test
  whereInstalled('starts the real one as it says that it was started', async () => {
    const found = await find(tool)
    expect(found).toMatchObject({ok: true, value: {edition: 'pwsh', version: expect.stringMatching(/^7\.\d/)}})
    if (!found.ok) return
    const {command, leadingArguments} = found.value
    const script = '[Environment]::ProcessPath; [Environment]::GetCommandLineArgs()[0]'
    const told = spawnSync(tool, ['-NoProfile', '-Command', script], {encoding: 'utf8'}).stdout.trim().split(/\r?\n/)
    expect([realpathSync(command), ...leadingArguments]).toEqual(told)
  })
})
