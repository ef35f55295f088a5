import {readFileSync} from 'node:fs'
import path from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals'
import type {LogMode} from '../../src/model/settings.ts'
import type {Isolation} from '../../src/model/task.ts'
import {listenForWriters, type WriterServer} from '../support/commanded-writer.ts'
import {blockOf, linesOf, startLoggedRun} from '../support/logged-run.ts'
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

  test('is shown as soon as a line of it is complete', async () => {
    const {shown, done} = await startLoggedRun(workspace, [writers.script], isolation, 'live')
    const writer = await writers.next()
    await writer.write({stream: 'stdout', text: 'waiting for the deployment\n'})
    await until('the line is shown', () => shown().length === 1)
    expect(shown()).toEqual(['waiting for the deployment'])
    await writer.write({stream: 'stderr', text: 'a complaint\n'})
    await until('the other stream is shown', () => shown().length === 2)
    writer.end()
    await done
  })

  test('is masked from the end of the line on that announces the value, also for other tasks', async () => {
    const logs = path.join(workspace, `logs of ${isolation}`)
    const {log, done} = await startLoggedRun(workspace, [writers.script, writers.script], isolation, 'live', {logs})
    const [first, second] = [await writers.next(), await writers.next()]
    await first.write({stream: 'stdout', text: '::add-mask::tok-S3CRET-9\n'})
    await until('the mask is forwarded', () => log().includes('::add-mask::tok-S3CRET-9\n'))
    await second.write({stream: 'stdout', text: 'it is tok-S3CRET-9\n'})
    await until('the line is shown', () => log().includes('it is'))
    first.end()
    second.end()
    await done
    expect(log().replace('::add-mask::tok-S3CRET-9\n', '')).not.toContain('S3CRET')
    expect(readFileSync(path.join(logs, '2-task_1.1.log'), 'utf8') + readFileSync(path.join(logs, '1-task_0.1.log'), 'utf8')).not.toContain(
      'S3CRET'
    )
  })

  test('is masked on one stream once the other one has announced the value', async () => {
    const {log, shown, done} = await startLoggedRun(workspace, [writers.script], isolation, 'live')
    const writer = await writers.next()
    for (let i = 1; i <= 20; i++) {
      await writer.write({stream: 'stdout', text: `::add-mask::S3CRET-${i}-\n`}, {stream: 'stderr', text: `it is S3CRET-${i}-\n`})
      await until('the line is shown', () => shown().length === i)
    }
    writer.end()
    await done
    expect(log().replace(/^::add-mask::.*\n/gm, '')).not.toContain('S3CRET')
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
    expect(log().replace(/^::add-mask::.*\n/gm, '')).not.toContain('tok-')
  })
})
