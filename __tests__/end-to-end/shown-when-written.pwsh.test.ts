import {readFileSync} from 'node:fs'
import path from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals'
import type {LogMode} from '../../src/model/settings.ts'
import type {Isolation} from '../../src/model/task.ts'
import {type CommandedWriter, listenForWriters, type WriterServer} from '../support/commanded-writer.ts'
import {blockOf, type LoggedRun, linesOf, startLoggedRun} from '../support/logged-run.ts'
import {runs} from '../support/runs.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {until} from '../support/until.ts'

const workspace = temporaryFolder()
/** A native command that prints six lines, each by itself; where there is `sh`, one that starts ten times as fast as Node. */
const native =
  process.platform === 'win32'
    ? `& '${process.execPath}' -e "for (let i = 1; i <= 6; i++) console.log('out' + i)"`
    : `sh -c 'for i in 1 2 3 4 5 6; do echo out$i; done'`
const isolations: readonly Isolation[] = ['process', 'runspace', 'none']
/** How many tasks race between what they print and their error. */
const races = Math.min(runs(4), 50)
let writers: WriterServer

/** A log without the lines that tell the runner what to mask. */
const withoutMasks = (log: string) => log.replace(/^::add-mask::.*\n/gm, '')

beforeAll(async () => {
  writers = await listenForWriters()
})
afterAll(() => writers.close())

describe.each(isolations)('what tasks print at isolation %s', isolation => {
  test.each<LogMode>(['live', 'grouped'])(
    'is in the order in which it was written: an error is not torn by what stands before it, %s',
    async log => {
      const script = `${native}; throw 'did not pass'`
      const tasks = Array.from({length: races}, () => script)
      const {done} = await startLoggedRun(workspace, tasks, isolation, log)
      const text = await done
      for (const index of tasks.keys()) {
        const lines = log === 'live' ? linesOf(text, `task_${index}`) : blockOf(text, `task_${index}`)
        expect(lines.slice(0, 6)).toEqual(['out1', 'out2', 'out3', 'out4', 'out5', 'out6'])
        expect(lines.slice(6).join('\n')).toMatch(/did not pass/)
      }
    }
  )

  describe('while two of them run', () => {
    const logs = path.join(workspace, `logs of ${isolation}`)
    let run: LoggedRun
    let first: CommandedWriter
    let second: CommandedWriter
    let ended: Promise<unknown> | undefined
    const end = () => {
      if (ended === undefined) {
        first.end()
        second.end()
        ended = run.done
      }
      return ended
    }

    beforeAll(async () => {
      run = await startLoggedRun(workspace, [writers.script, writers.script], isolation, 'live', {logs})
      first = await writers.next()
      second = await writers.next()
    })
    afterAll(() => end())

    test('is shown as soon as a line of it is complete', async () => {
      await first.write({stream: 'stdout', text: 'waiting for the deployment\n'})
      await until('the line is shown', () => run.shown().length === 1)
      expect(run.shown()).toEqual(['waiting for the deployment'])
      await first.write({stream: 'stderr', text: 'a complaint\n'})
      await until('the other stream is shown', () => run.shown().length === 2)
    })

    test('is masked on one stream once the other one has announced the value', async () => {
      const before = run.shown().length
      for (let i = 1; i <= 20; i++) {
        await first.write({stream: 'stdout', text: `::add-mask::S3CRET-${i}-\n`}, {stream: 'stderr', text: `it is S3CRET-${i}-\n`})
        await until('the line is shown', () => run.shown().length === before + i)
      }
      expect(withoutMasks(run.log())).not.toContain('S3CRET')
    })

    test('is masked from the end of the line on that announces the value, also for other tasks', async () => {
      await first.write({stream: 'stdout', text: '::add-mask::tok-S3CRET-X\n'})
      await until('the mask is forwarded', () => run.log().includes('::add-mask::tok-S3CRET-X\n'))
      await second.write({stream: 'stdout', text: 'so it is tok-S3CRET-X\n'})
      await until('the line is shown', () => run.log().includes('so it is'))
      await end()
      expect(withoutMasks(run.log())).not.toContain('S3CRET')
      for (const file of ['1-task_0.1.log', '2-task_1.1.log']) expect(readFileSync(path.join(logs, file), 'utf8')).not.toContain('S3CRET')
    })
  })

  test('is masked by what setup announces in each worker, line end or not', async () => {
    const setup = `$global:token = "tok-$([guid]::NewGuid())"; [Console]::Write("before\`n::add-mask::$token")`
    const script = `"it is $token"; ${writers.script}`
    const {log, shown, done} = await startLoggedRun(workspace, [script, script], isolation, 'live', {setup})
    const tasks = [await writers.next(), await writers.next()]
    await until('both have printed', () => shown().length === 2)
    for (const task of tasks) task.end()
    await done
    expect(log().match(/^::add-mask::tok-/gm)).toHaveLength(2)
    expect(shown()).toEqual(['it is ***', 'it is ***'])
    expect(withoutMasks(log())).not.toContain('tok-')
  })
})
