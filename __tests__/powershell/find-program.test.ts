import {type Stats, statSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {findProgram} from '../../src/powershell/find-program.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const folder = temporaryFolder()
for (const name of ['pwsh.exe', 'tool.exe', 'tool.cmd', 'batch.cmd', 'old.BAT']) writeFileSync(path.join(folder, name), '')

describe('findProgram on Windows', () => {
  const find = (command: string, stat: (file: string) => Stats = statSync) =>
    findProgram(command, {folder, environment: {Path: folder}, platform: 'win32', stat})
  const found = (name: string) => ({ok: true, value: path.join(folder, name)})

  test.each(['pwsh', 'pwsh.exe', './pwsh', './pwsh.exe', path.join(folder, 'pwsh')])('takes %s for pwsh.exe', command => {
    expect(find(command)).toEqual(found('pwsh.exe'))
  })

  test('prefers a program to a batch file, and reports a batch file if there is no program', () => {
    expect(find('tool')).toEqual(found('tool.exe'))
    for (const [command, name] of [
      ['batch', 'batch.cmd'],
      ['./tool.cmd', 'tool.cmd'],
      ['old.BAT', 'old.BAT']
    ] as const)
      expect(find(command)).toEqual({ok: false, error: {reason: 'batch-file', file: path.join(folder, name)}})
  })

  test('finds an app execution alias, which cannot be looked at', () => {
    const stat = (): Stats => {
      throw Object.assign(new Error('permission denied'), {code: 'EACCES'})
    }
    expect(find('pwsh', stat)).toEqual(found('pwsh.exe'))
    expect(find(path.join(folder, 'pwsh.exe'), stat)).toEqual(found('pwsh.exe'))
    expect(find('missing', stat)).toEqual({ok: false, error: {reason: 'not-on-path', searched: folder}})
  })
})
