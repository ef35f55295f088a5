import {spawnSync} from 'node:child_process'
import {chmodSync, closeSync, constants, existsSync, openSync, readFileSync, readSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import type {Isolation} from '../../src/model/task.ts'
import {processControl} from '../../src/process/process-control.ts'
import {type ActionRun, resultOf, type StartedAction, startAction} from '../support/action-run.ts'
import {runnerPairs} from '../support/file-command-parser.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {until} from '../support/until.ts'

/*
 * A cancel, seen from the runner: it signals the process alone, SIGINT, after 7.5 s SIGTERM, after 2.5 s more SIGKILL, and then reads the files
 * of the step, whatever has become of it. In each of these tests the one who decides when is the test.
 */
const workspace = temporaryFolder()
const describeOnUnix = process.platform === 'win32' ? describe.skip : describe
const isolations: readonly Isolation[] = ['process', 'runspace', 'none']
let marks = 0

/** What is alive of all that a step has started: its environment reaches everything. */
async function living(mark: string): Promise<string[]> {
  return (await processControl.listProcesses(`CANCEL_TEST=${mark}`)).filter(({isMarked}) => isMarked).map(({name}) => name)
}

const nextMark = (): string => `${process.pid}-${marks++}`
const append = (variable: string, line: string): string => `[IO.File]::AppendAllText($env:${variable}, '${line}' + [char] 10)`
const touch = (file: string): string => `[IO.File]::WriteAllText('${file}', '')`

/** A step to which a signal comes once `ready` is there. */
async function cancelled(
  inputs: Readonly<Record<string, string>>,
  ready: string,
  signals: readonly NodeJS.Signals[] = []
): Promise<ActionRun> {
  const mark = nextMark()
  const action = await startAction(inputs, workspace, {CANCEL_TEST: mark})
  await until(`${ready} is there`, () => existsSync(ready))
  action.cancel()
  for (const signal of signals) action.process.kill(signal)
  const run = await action.done
  expect(await living(mark)).toEqual([])
  return run
}

function expectOrderlyEnd(run: ActionRun): void {
  const {view, applied} = resultOf(run)
  expect(run.endedBy).toBeNull()
  expect(run.exitCode).toBe(1)
  expect(run.signals).not.toContain('SIGKILL')
  expect([run.stderr, run.hadOpenPipes, view.hasTornGroups]).toEqual(['', false, false])
  expect([applied.hasFailed, applied.errors]).toEqual([false, []])
}

describeOnUnix('a step that is cancelled', () => {
  const summaryOf = (run: ActionRun): string => resultOf(run).applied.summary ?? ''

  test('while PowerShell is looked for, ends what it asked, runs nothing, and says so', async () => {
    const ready = path.join(workspace, 'asked')
    const shell = path.join(workspace, 'slow-pwsh')
    writeFileSync(shell, `#!/bin/sh\ntouch '${ready}'\nsleep 600\n`)
    chmodSync(shell, 0o755)
    const run = await cancelled({tasks: '- "1"\n- "2"\n', shell}, ready)
    expectOrderlyEnd(run)
    expect(summaryOf(run)).toMatch(/^## ⛔ Cancelled, 2 tasks, none done\n/)
    expect(run.outputs).toMatchObject({result: 'cancelled', total: '2', skipped: '2'})
  })

  test('while workers boot, ends them, and says that nothing ran', async () => {
    const ready = path.join(workspace, 'booting')
    const run = await cancelled(
      {tasks: '- "1"\n- "2"\n- "3"\n', 'max-parallel': '2', setup: `${touch(ready)}; Start-Sleep -Seconds 600`},
      ready
    )
    expectOrderlyEnd(run)
    expect(summaryOf(run)).toMatch(/^## ⛔ Cancelled, 3 tasks, none done\n/)
    expect(run.outputs).toMatchObject({result: 'cancelled', cancelled: '0', skipped: '3'})
  })

  test.each(isolations)(
    'while tasks run at isolation %s, has merged what was asked for so far, and tells apart what was done, ended and never begun',
    async isolation => {
      const ready = path.join(workspace, `running-${isolation}`)
      const tasks = [
        {id: 'done', name: 'done', run: `${append('GITHUB_OUTPUT', 'first=1')}; ${append('GITHUB_ENV', 'STAGE=one')}`},
        {id: 'fails', name: 'fails', needs: 'done', when: 'always', run: `${append('GITHUB_OUTPUT', 'second=2')}; exit 3`},
        {
          name: 'ended',
          needs: 'fails',
          when: 'failure',
          run: `${append('GITHUB_OUTPUT', 'third=3')}; ${append('GITHUB_STEP_SUMMARY', 'my *page*')}; ${touch(ready)}; Start-Sleep -Seconds 600`
        },
        {name: 'never begun', needs: 'fails', when: 'failure', run: '"never"'}
      ]
      const reports = {'json-report': 'cancelled.json', 'junit-report': 'cancelled.xml'}
      const run = await cancelled({tasks: JSON.stringify(tasks), 'max-parallel': '1', isolation, ...reports}, ready)
      expectOrderlyEnd(run)
      const {applied} = resultOf(run)
      expect(applied.outputs).toMatchObject({first: '1', second: '2', third: '3', result: 'cancelled'})
      expect(applied.outputs).toMatchObject({succeeded: '1', failed: '1', cancelled: '1', skipped: '1'})
      expect(applied.env).toEqual({STAGE: 'one'})
      const summary = summaryOf(run)
      expect(summary).toMatch(/^## ⛔ Cancelled, 4 tasks, 2 done\n/)
      expect(summary).toContain('❌ **fails** · exit code 3')
      expect(summary).toContain('- ⛔ **ended** · cancelled while running')
      expect(summary).toContain('- ⏭️ **never begun** · skipped&#58; the run was cancelled')
      expect(summary).toContain('my *page*')
      const report = JSON.parse(readFileSync(path.join(workspace, 'cancelled.json'), 'utf8'))
      expect(report.tasks.map(({status}: {status: string}) => status)).toEqual(['success', 'failure', 'cancelled', 'skipped'])
      expect(readFileSync(path.join(workspace, 'cancelled.xml'), 'utf8')).toContain('<skipped message="cancelled"/>')
    }
  )

  test.each(isolations)(
    'twice at isolation %s, kills even tasks that ignore signals at once, and still writes everything',
    async isolation => {
      const ready = path.join(workspace, `deaf-${isolation}`)
      const deaf = `sh -c 'trap "" INT TERM; while :; do sleep 600; done'`
      const run = await cancelled(
        {tasks: JSON.stringify([`${append('GITHUB_OUTPUT', 'key=1')}; ${touch(ready)}; ${deaf}`, '2']), 'max-parallel': '1', isolation},
        ready,
        ['SIGTERM']
      )
      expectOrderlyEnd(run)
      // The runner was not even asked for its own second signal.
      expect(run.signals).toEqual(['SIGINT'])
      expect(resultOf(run).applied.outputs).toMatchObject({key: '1', cancelled: '1', skipped: '1'})
      expect(summaryOf(run)).toMatch(/^## ⛔ Cancelled, 2 tasks, none done\n/)
    }
  )

  test('with an unread log, still merges, reports and ends', async () => {
    const ready = path.join(workspace, 'unread')
    const mark = nextMark()
    const tasks = [
      {id: 'floods', name: 'floods', run: `${append('GITHUB_OUTPUT', 'key=1')}; ('x' * 1023 + [char] 10) * 2048`},
      {name: 'waits', needs: 'floods', run: `${touch(ready)}; Start-Sleep -Seconds 600`}
    ]
    const action = await startAction({tasks: JSON.stringify(tasks), 'max-parallel': '1'}, workspace, {CANCEL_TEST: mark})
    action.process.stdout?.pause()
    await until('the second task runs', () => existsSync(ready))
    action.cancel()
    action.process.kill('SIGTERM')
    await exitOf(action)
    action.process.stdout?.resume()
    const run = await action.done
    expect(run.endedBy).toBeNull()
    expect(run.signals).toEqual(['SIGINT'])
    expect(resultOf(run).applied.outputs).toMatchObject({key: '1', result: 'cancelled', succeeded: '1', cancelled: '1'})
    expect(summaryOf(run)).toMatch(/^## ⛔ Cancelled, 2 tasks, 1 done\n/)
    expect(await living(mark)).toEqual([])
  })

  test.each(['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY'] as const)('while %s is written, once or twice, writes it to the end', async name => {
    for (const signals of [[], ['SIGTERM']] as const) {
      const pipe = path.join(workspace, `${name}-${signals.length}`)
      expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
      const tasks = JSON.stringify([{name: 'only', run: `${append('GITHUB_OUTPUT', 'key=1')}; ${append('GITHUB_STEP_SUMMARY', 'own')}`}])
      const action = await startAction({tasks}, workspace, {[name]: pipe})
      // The last line of the log comes before anything is written; the pipe then holds the step until somebody opens it.
      await logged(action, /succeeded in/)
      action.cancel()
      for (const signal of signals) action.process.kill(signal)
      const descriptor = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK)
      const run = await action.done
      const text = readAll(descriptor)
      closeSync(descriptor)
      // All was done before the signal came.
      expect([run.exitCode, run.endedBy]).toEqual([0, null])
      if (name === 'GITHUB_OUTPUT') expect(Object.fromEntries(runnerPairs(text, 'linux'))).toMatchObject({result: 'success', key: '1'})
      else expect(text).toMatch(/^## ✅ 1 task done\n[\s\S]*\nown\n$/)
    }
  })
})

const exitOf = ({process: child}: StartedAction): Promise<void> => new Promise(resolve => child.once('exit', () => resolve()))

async function logged({process: child}: StartedAction, line: RegExp): Promise<void> {
  let text = ''
  child.stdout?.on('data', (chunk: string) => {
    text += chunk
  })
  await until(`the log has ${line}`, () => line.test(text))
}

function readAll(descriptor: number): string {
  const bytes = Buffer.alloc(1024 * 1024)
  return bytes.toString('utf8', 0, readSync(descriptor, bytes))
}
