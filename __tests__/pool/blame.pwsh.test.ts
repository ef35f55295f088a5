import {mkdirSync, rmdirSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import type {Isolation} from '../../src/task.ts'
import {createTask} from '../helpers/create-task.ts'
import {temporaryFolder} from '../helpers/temporary-folder.ts'
import {withWorkforce} from '../helpers/workforce.ts'

const folder = temporaryFolder()
const isolations: readonly Isolation[] = ['process', 'runspace', 'none']
const prints = (text: string, isolation: Isolation) =>
  createTask({script: {kind: 'run', text: `'${text}'`}, workingDirectory: folder, isolation})

describe.each(isolations)('what keeps a task at isolation %s from its start', isolation => {
  test('is its own failure where its folder is removed while its worker boots, and the next one runs', async () => {
    const gone = path.join(folder, `gone-${isolation}`)
    mkdirSync(gone)
    await withWorkforce(folder, {}, async ({start}) => {
      const first = start({...prints('never', isolation), workingDirectory: gone})
      rmdirSync(gone)
      const {end} = await first.finished
      expect(end).toMatchObject({reason: 'not-started', message: expect.stringContaining(gone)})
      expect((await start(prints('fine', isolation)).finished).text).toBe('fine\n')
    })
  })

  test('is its own failure where its environment breaks PowerShell', async () => {
    await withWorkforce(folder, {}, async ({start}) => {
      const env = new Map([['DOTNET_GCHeapHardLimit', '100000']])
      const {end} = await start({...prints('never', isolation), env}).finished
      expect(end).toMatchObject({reason: 'not-started', message: expect.stringContaining('PowerShell ended before the task began')})
      expect((await start(prints('fine', isolation)).finished).text).toBe('fine\n')
    })
  })

  test('is setup, where it takes longer than it may: it is ended, and what it printed is told', async () => {
    await withWorkforce(folder, {setup: "'signing in'; Start-Sleep 600", setupTimeoutMs: 12_000}, async ({start, booted}) => {
      const {end} = await start(prints('never', isolation)).finished
      expect(end).toEqual({reason: 'setup-timeout', timeoutMs: 12_000, isOwn: false})
      expect(booted).toEqual(['signing in'])
    })
  })
})

describe('setup that hangs in a later runspace', () => {
  test('is ended too, and takes no task with it that runs', async () => {
    const setup = 'if (Test-Path hang) { Start-Sleep 600 }'
    await withWorkforce(folder, {setup, setupTimeoutMs: 12_000, maxParallel: 1}, async ({start}) => {
      expect((await start(prints('first', 'runspace')).finished).text).toBe('first\n')
      mkdirSync(path.join(folder, 'hang'))
      expect((await start(prints('second', 'runspace')).finished).end).toEqual({reason: 'setup-timeout', timeoutMs: 12_000, isOwn: false})
    })
  })
})
