import {existsSync, mkdtempSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {pathToFileURL} from 'node:url'
import {describe, expect, test} from '@jest/globals'
import {loadSettings} from '../../src/inputs/load-settings.ts'
import type {EventReader} from '../../src/model/event.ts'
import {runTasks} from '../../src/run.ts'
import {planTasks} from '../../src/shards/plan-tasks.ts'
import {resultOf, runAction} from '../support/action-run.ts'
import {runCommand} from '../support/command-run.ts'
import {createTask} from '../support/create-task.ts'
import {isAlive} from '../support/is-alive.ts'
import {powershellAtHand} from '../support/powershell.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const parent = temporaryFolder()
const told = /this is a bug of pwsh-pool, please report it with this text: boom/

const tasks = (running: string) => [
  {id: 'done', run: '[IO.File]::AppendAllText($env:GITHUB_OUTPUT, "url=https://x" + [char] 10)'},
  {
    id: 'runs',
    needs: 'done',
    run: `[IO.File]::AppendAllText($env:GITHUB_OUTPUT, "half=done" + [char] 10)
      [IO.File]::WriteAllText('${running}.tmp', $PID)
      [IO.File]::Move('${running}.tmp', '${running}')
      while ([IO.File]::Exists('${running}')) { Start-Sleep -Milliseconds 100 }`
  },
  {id: 'waits', needs: 'runs', run: '1'}
]

/** A folder, and what makes a Node process in it break by itself, in this way, once the task that is to be heard of runs. */
function breaking(way: 'exception' | 'rejection') {
  const folder = mkdtempSync(path.join(parent, 'broken-'))
  const running = path.join(folder, 'running')
  const saboteur = path.join(folder, 'saboteur.mjs')
  const fault = way === 'exception' ? 'throw new TypeError("boom")' : 'void Promise.reject(new TypeError("boom"))'
  writeFileSync(
    saboteur,
    `import {existsSync} from 'node:fs'
const timer = setInterval(() => {
  if (!existsSync(${JSON.stringify(running)})) return
  clearInterval(timer)
  ${fault}
}, 20).unref()
`
  )
  return {folder, running, environment: {NODE_OPTIONS: `--import=${pathToFileURL(saboteur)}`}}
}

describe.each(['exception', 'rejection'] as const)('an uncaught %s', way => {
  test('ends the tasks of the step, and what is known is still handed on, set, and told with a bug as the cause', async () => {
    const {folder, running, environment} = breaking(way)
    const files = {'json-report': path.join(folder, 'report.json'), 'junit-report': path.join(folder, 'junit.xml')}
    const run = await runAction({tasks: JSON.stringify(tasks(running)), ...files}, folder, environment)
    expect(run.exitCode).toBe(1)
    expect(resultOf(run).conclusion).toBe('failure')
    expect(isAlive(Number(readFileSync(running, 'utf8')))).toBe(false)
    expect(run.outputs).toMatchObject({
      result: 'failure',
      total: '3',
      succeeded: '1',
      cancelled: '1',
      skipped: '1',
      url: 'https://x',
      half: 'done'
    })
    expect(run.log).toMatch(/\n✗ this is a bug of pwsh-pool, please report it with this text: boom \(at /)
    expect(run.log).toMatch(/::error title=pwsh-pool::this is a bug of pwsh-pool/)
    expect(run.summary).toMatch(/❌ this is a bug of pwsh/)
    expect(JSON.parse(readFileSync(files['json-report'], 'utf8'))).toMatchObject({
      result: 'failure',
      limit: 'internal',
      tasks: [{status: 'success'}, {status: 'cancelled', reason: 'internal', error: expect.stringMatching(told)}, {status: 'skipped'}]
    })
    expect(readFileSync(files['junit-report'], 'utf8')).toMatch(/<error message="this is a bug of pwsh-pool.* type="internal"/)
  })

  test('ends the tasks of the command, which writes its reports and ends with 1', async () => {
    const {folder, running, environment} = breaking(way)
    const run = await runCommand(['-', '--json-report', 'report.json'], {folder, input: JSON.stringify(tasks(running)), environment})
    expect(run.exitCode).toBe(1)
    expect(isAlive(Number(readFileSync(running, 'utf8')))).toBe(false)
    expect(run.stdout).toMatch(told)
    expect(JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8'))).toMatchObject({
      limit: 'internal',
      tasks: [{status: 'success', outputs: {url: 'https://x'}}, {status: 'cancelled'}, {status: 'skipped'}]
    })
  })
})

describe('a reader that throws', () => {
  test.each(['run-started', 'attempt-ended', 'run-ended'])('fails the run and loses nothing of it: at %s', async type => {
    const {command: shell} = await powershellAtHand()
    const given: Readonly<Record<string, string>> = {tasks: '-', shell}
    const script = {kind: 'run', text: '[IO.File]::AppendAllText($env:GITHUB_OUTPUT, "a=b" + [char] 10)'} as const
    const task = createTask({shell, script, workingDirectory: parent})
    const settings = loadSettings({read: name => given[name] ?? '', workspace: parent, processors: 1})
    if (!settings.ok) throw new Error(JSON.stringify(settings.error))
    const heard: string[] = []
    const readers: EventReader[] = [
      event => {
        if (event.type === type) throw new TypeError('boom')
        heard.push(event.type)
      }
    ]
    const host = {environment: process.env, temporaryFolder: parent, onCancel: () => () => {}, readers}
    const run = await runTasks(planTasks([task], settings.value), settings.value, host)
    if (!run.ok) throw new Error(JSON.stringify(run.error))
    const {record, unreported} = run.value
    expect(record.limit).toEqual({reason: 'internal', message: expect.stringMatching(told)})
    expect(unreported).toMatch(told)
    expect(record.tasks[0]?.verdict.status).toBe('success')
    expect(record.tasks[0]?.attempts[0]?.changes.outputs).toEqual(new Map([['a', 'b']]))
    // Those who wait for it hear of the rest.
    expect(heard).toEqual(expect.arrayContaining(['run-started', 'attempt-ended', 'run-ended'].filter(other => other !== type)))
    expect(existsSync(path.join(run.value.folder, 'workers'))).toBe(false)
  })
})
