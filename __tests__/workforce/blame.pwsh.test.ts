import {existsSync, mkdirSync, rmdirSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import type {Isolation} from '../../src/model/task.ts'
import {CommandedTimers} from '../support/commanded-timers.ts'
import {createTask} from '../support/create-task.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {until} from '../support/until.ts'
import {sharedWorkforce, withWorkforce} from '../support/workforce.ts'

const folder = temporaryFolder()
const atHand = sharedWorkforce(folder)
const isolations: readonly Isolation[] = ['process', 'runspace', 'none']
const writes = (file: string) => `[IO.File]::WriteAllText('${file}', '')`
const prints = (text: string, isolation: Isolation) =>
  createTask({script: {kind: 'run', text: `'${text}'`}, workingDirectory: folder, isolation})

describe.each(isolations)('what keeps a task at isolation %s from its start', isolation => {
  test('is its own failure where its folder is removed while its worker boots, and the next one runs', async () => {
    const gone = path.join(folder, `gone-${isolation}`)
    mkdirSync(gone)
    const {start} = await atHand()
    const first = start({...prints('never', isolation), workingDirectory: gone})
    rmdirSync(gone)
    const {end} = await first.finished
    expect(end).toMatchObject({reason: 'not-started', message: expect.stringContaining(gone)})
    expect((await start(prints('fine', isolation)).finished).text).toBe('fine\n')
  })

  test('is its own failure where its environment breaks PowerShell', async () => {
    const {start} = await atHand()
    const env = new Map([['DOTNET_GCHeapHardLimit', '100000']])
    const {end} = await start({...prints('never', isolation), env}).finished
    expect(end).toMatchObject({
      reason: 'not-started',
      message: expect.stringContaining('PowerShell ended 3 times in a row before the task began')
    })
    expect((await start(prints('fine', isolation)).finished).text).toBe('fine\n')
  })

  test('is setup if it exceeds its limit: it is ended, and its output is reported', async () => {
    const hangs = path.join(folder, `hangs-${isolation}`)
    const timers = new CommandedTimers()
    const options = {setup: `'signing in'; ${writes(hangs)}; Start-Sleep 600`, setupTimeoutMs: 12_000, startSetupTimer: timers.start}
    await withWorkforce(folder, options, async ({start, booted}) => {
      const {finished} = start(prints('never', isolation))
      await until('setup runs', () => existsSync(hangs))
      expect(timers.running).toEqual([12_000])
      timers.strike()
      expect((await finished).end).toEqual({reason: 'setup-timeout', timeoutMs: 12_000, isOwn: false})
      expect(booted).toEqual(['signing in'])
    })
  })
})

describe('setup that hangs in a later runspace', () => {
  test('is ended too, and takes no task with it that runs', async () => {
    const [hang, hangs] = [path.join(folder, 'hang'), path.join(folder, 'hangs')]
    const timers = new CommandedTimers()
    const setup = `if (Test-Path '${hang}') { ${writes(hangs)}; Start-Sleep 600 }`
    await withWorkforce(folder, {setup, setupTimeoutMs: 12_000, startSetupTimer: timers.start, maxParallel: 1}, async ({start}) => {
      const first = start(prints('first', 'runspace'))
      await first.started
      expect(timers.running).toEqual([])
      expect((await first.finished).text).toBe('first\n')
      mkdirSync(hang)
      const {finished} = start(prints('second', 'runspace'))
      await until('setup runs', () => existsSync(hangs))
      expect(timers.running).toEqual([12_000])
      timers.strike()
      expect((await finished).end).toEqual({reason: 'setup-timeout', timeoutMs: 12_000, isOwn: false})
    })
  })
})
