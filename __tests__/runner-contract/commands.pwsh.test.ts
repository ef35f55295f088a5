import {existsSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import {type ActionRun, runAction} from '../support/action-run.ts'
import {type RunnerView, runnerView} from '../support/runner-view.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

/*
 * What must hold of an action that lets many tasks speak to one runner, seen from the runner: the bundle is started as the runner starts it, and
 * what it prints is read as the runner reads it (support/runner-view.ts).
 */
const workspace = temporaryFolder()

const hostile = `
"::stop-commands::t0ken"
"::add-mask::hidden-1"
"::t0ken::"
"shows hidden-1"
"  ::set-env name=NODE_OPTIONS::--inspect"
"::add-path::/evil"
"text ##[set-output name=bracket]x"
"::set-output name=mine::value"
"##[add-matcher]/evil.json"
"::group::inner"
"::endgroup::"
[Console]::Error.WriteLine("::error file=a.ps1,line=3::from stderr")
[Console]::Error.WriteLine("##[add-mask]hidden-2")
"shows hidden-2"
Write-Host "progress 1\`r::warning::after a carriage return"
"::echo::on"
`
// A task of its own: what one task prints on its two streams has no order, and a stop that overtook them would silence the lines above.
const stopping = `
"::stop-commands::never-resumed"
"::add-mask::hidden-3"
"shows hidden-3"
"::error::while stopped"
`
const tasks = JSON.stringify([
  {name: 'hostile', run: hostile},
  {name: 'stopping', run: stopping, needs: 'hostile'},
  {
    name: 'quiet',
    run: '"shows hidden-1 hidden-2 hidden-3"; Set-Content -Path out.txt -Value x; "key=hidden-1" >> $env:GITHUB_OUTPUT',
    needs: 'stopping'
  }
])

const namesIn = (view: RunnerView) => [...new Set(view.executed.map(({name}) => name))].toSorted()

describe('to the runner, a step that runs many tasks', () => {
  let run: ActionRun
  beforeAll(async () => {
    run = await runAction({tasks, logs: 'logs'}, workspace)
  })

  test('gives only the commands that are safe, and closes every group', () => {
    const view = runnerView(run.log)
    expect(run.exitCode).toBe(0)
    expect(run.stderr).toBe('')
    expect(namesIn(view)).toEqual(['add-mask', 'endgroup', 'error', 'group', 'warning'])
    expect([view.hasTornGroups, view.isStopped, view.hasFailed, [...view.outputs]]).toEqual([false, false, false, []])
    expect(view.issues.error.map(({message, properties}) => [message, properties])).toEqual([
      ['hostile: from stderr', {file: 'a.ps1', line: '3'}]
    ])
    expect(view.issues.warning.map(({message}) => message)).toEqual(['hostile: after a carriage return'])
    expect(run.outputs).toMatchObject({mine: 'value', bracket: 'x', key: 'hidden-1'})
  })

  test('registers masks before anything else, and shows no value anywhere: log, summary, results, report, logs', () => {
    const shown = run.log.replace(/^::add-mask::.*$/gm, '')
    const report = readFileSync(run.outputs['report-path'] ?? '', 'utf8')
    const log = readFileSync(path.join(workspace, 'logs', '1-hostile.1.log'), 'utf8')
    for (const text of [shown, run.summary, run.outputs.results ?? '', report, log]) expect(text).not.toMatch(/hidden-\d/)
    const masks = runnerView(run.log).executed.flatMap(({name, data}) => (name === 'add-mask' ? [data] : []))
    expect(masks.toSorted()).toEqual(['hidden-1', 'hidden-2', 'hidden-3'])
    expect(log).toContain('::stop-commands::t0ken')
    expect(existsSync(path.join(workspace, 'logs', '3-quiet.1.log'))).toBe(true)
  })

  test('has each line with its task, live as well', async () => {
    const run = await runAction({tasks, log: 'live', isolation: 'none'}, workspace)
    const view = runnerView(run.log)
    expect(namesIn(view)).toEqual(['add-mask', 'error', 'warning'])
    const prefixed = view.text.filter(({text}) => text.startsWith('['))
    expect(prefixed.filter(({text}) => !/^\[(?:hostile|stopping|quiet)\] /.test(text))).toEqual([])
    expect(view.text.map(({text}) => text)).toContain('[quiet] shows *** *** ***')
    expect(view.text.map(({text}) => text)).toContain('[hostile] progress 1')
  })

  test('ignores all commands of tasks with `workflow-commands: ignore`, but still masks', async () => {
    const run = await runAction({tasks, 'workflow-commands': 'ignore', annotations: 'false', isolation: 'runspace'}, workspace)
    const view = runnerView(run.log)
    expect(namesIn(view)).toEqual(['endgroup', 'group'])
    expect(run.log).not.toMatch(/hidden-\d/)
    expect(run.outputs).not.toHaveProperty('mine')
    expect(run.outputs).not.toHaveProperty('bracket')
  })
})
