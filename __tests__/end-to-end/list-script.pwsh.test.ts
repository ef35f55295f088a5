import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {findPwsh} from '../../scripts/find-pwsh.mjs'
import {loadSettings} from '../../src/inputs/load-settings.ts'
import type {Task, Value} from '../../src/model/task.ts'
import {powershellLiteral} from '../../src/powershell/powershell-literal.ts'
import {readTasks} from '../../src/run.ts'
import {runAction, startAction} from '../support/action-run.ts'
import {anyValue, hostileParts} from '../support/any-value.ts'
import {runCommand, startCommand} from '../support/command-run.ts'
import {isAlive} from '../support/is-alive.ts'
import {runs} from '../support/runs.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {until} from '../support/until.ts'

const workspace = temporaryFolder()
const onUnix = process.platform === 'win32' ? test.skip : test

/** The tasks that a script makes, which leaves nothing else behind. */
async function tasksBy(script: string): Promise<readonly Task[]> {
  const inputs: Readonly<Record<string, string>> = {'tasks-script': script, shell: (await findPwsh()).path}
  const settings = loadSettings({read: name => inputs[name] ?? '', workspace, processors: 1})
  if (!settings.ok) throw new Error(JSON.stringify(settings.error))
  const host = {environment: process.env, temporaryFolder: temporary, readers: [], onCancel: () => () => {}}
  const tasks = await readTasks(settings.value, host)
  expect(readdirSync(temporary)).toEqual([])
  if (!tasks.ok) throw new Error(JSON.stringify(tasks.error))
  return tasks.value
}

const temporary = temporaryFolder()
const parametersOf = (tasks: readonly Task[]) => tasks.map(({parameters}) => parameters?.get('V'))
const withParameter = (expression: string) => `@{run = '1'; parameters = @{V = ${expression}}}`

describe('the entries that a script puts out', () => {
  test('are script text, or maps of every kind with their fields in order', async () => {
    const tasks = await tasksBy(`
      './build.ps1 "a b"'
      {'block'}
      @{run = 'a'; name = 'hashtable'}
      [ordered]@{name = 'ordered'; run = 'b'; needs = 'hashtable', 'object'}
      [pscustomobject]@{run = 'c'; name = 'object'; env = @{A = 1; B = $null}; parameters = [pscustomobject]@{Z = 1; A = 2}}`)
    expect(tasks.map(({name, script}) => [name, script])).toEqual([
      ['./build.ps1 "a b"', {kind: 'run', text: './build.ps1 "a b"'}],
      ["'block'", {kind: 'run', text: "'block'"}],
      ['hashtable', {kind: 'run', text: 'a'}],
      ['ordered', {kind: 'run', text: 'b'}],
      ['object', {kind: 'run', text: 'c'}]
    ])
    expect(tasks[3]?.needs.map(({id}) => id)).toEqual(['hashtable', 'object'])
    expect(tasks[4]?.env).toEqual(new Map(Object.entries({A: '1', B: null})))
    expect([...(tasks[4]?.parameters ?? [])]).toEqual([
      ['Z', 1n],
      ['A', 2n]
    ])
  })

  test('may have values of other types, which stand for what a list would say', async () => {
    const table: readonly [string, Value][] = [
      ['[byte] 1', 1n],
      ['[uint64]::MaxValue', 2n ** 64n - 1n],
      ['[decimal] 2', 2],
      ['[single] 0.5', 0.5],
      ['[double]::NaN', Number.NaN],
      ['[switch] $true', true],
      ['[char] 65', 'A'],
      ['[DayOfWeek]::Monday', 'Monday'],
      ['[datetime]::new(2026, 1, 2)', '2026-01-02T00:00:00.0000000'],
      ["[version] '1.2'", '1.2'],
      ["[uri] 'https://x.y/'", 'https://x.y/'],
      ['[guid]::Empty', '00000000-0000-0000-0000-000000000000'],
      ["[System.IO.FileInfo]::new('/a/b.ps1')", path.resolve(workspace, '/a/b.ps1')],
      ['[System.Collections.Generic.List[int]] (1, 2)', [1n, 2n]]
    ]
    const tasks = await tasksBy(table.map(([expression]) => withParameter(expression)).join('\n'))
    expect(parametersOf(tasks)).toEqual(table.map(([, value]) => value))
  })

  test('come back equal in value and type, whatever the values are', async () => {
    const seed = Number(process.env.PWSH_POOL_SEED ?? Date.now())
    const edges: Value[] = [2n ** 31n, -(2n ** 63n) - 1n, 10n ** 400n, -0, 1e21, 5e-324, Number.POSITIVE_INFINITY, hostileParts.join('')]
    const sent = [...edges, ...fc.sample(anyValue(), {seed, numRuns: runs(200)})]
    const tasks = await tasksBy(sent.map(value => withParameter(powershellLiteral(value))).join('\n'))
    expect({seed, values: parametersOf(tasks)}).toEqual({seed, values: sent})
  })

  test.each([
    ['Get-Item .', 'entry 1: expected script text or a map of fields, got a file; to run it, put out @{file = $_}'],
    [
      `'a'; ${withParameter('Get-Process -Id $PID')}`,
      'entry 2, parameters, V: expected text, a number, true, false, null, a list or a map, got a System.Diagnostics.Process'
    ],
    ['$a = @{}; $a.a = $a; $a', /entry 1, a, a[, a]*: nested deeper than 200 levels, or in itself/]
  ])('are refused with their number where they are nothing for a list: %s', async (script, message) => {
    const {exitCode, stderr} = await runCommand(['--tasks-script', script], {folder: workspace})
    expect(exitCode).toBe(2)
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^tasks-script: entry .* \(exit code 1\)$/),
      expect.stringMatching(/^ {4}entry/),
      'Nothing was run.',
      ''
    ])
    expect(stderr).toEqual(typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message))
  })
})

describe('the action with tasks-script', () => {
  test('runs what the script makes, and shows what it prints as a block of its own', async () => {
    const script = `
      Write-Host 'two of them'; Write-Warning 'only two'
      foreach ($n in 1..2) { @{name = "task $n"; run = {param($N, $Map) "$($N.GetType().Name) $N $($Map.k)"}; parameters = @{N = $n; Map = @{k = 'v'}}} }`
    const run = await runAction({'tasks-script': script}, workspace)
    expect(run.stderr).toBe('')
    expect(run.exitCode).toBe(0)
    expect(run.log).toMatch(
      /^::group::✓ tasks-script \(\d+\.\d s\)\ntwo of them\n.*WARNING: only two.*\n::endgroup::\npwsh-pool: 2 tasks, /
    )
    expect(run.log).toMatch(/::group::✓ task 2 \(\d+\.\d s\)\nInt32 2 v\n::endgroup::\n/)
    expect(JSON.parse(run.outputs.results ?? '').map(({name}: {name: string}) => name)).toEqual(['task 1', 'task 2'])
    expect(run.leftFiles).toHaveLength(2)
  })

  test('gives the script what a task has: modules, setup, the working-directory, and none of what only the action may see', async () => {
    const script = `"'$greeting'"; "'$(Split-Path -Leaf $PWD)'"; "'[$env:ACTIONS_RUNTIME_TOKEN$env:INPUT_SHELL]'"; "'$env:PWSH_POOL_TASK'"`
    const run = await runAction(
      {'tasks-script': script, isolation: 'runspace', setup: "Set-StrictMode -Version 3; $greeting = 'from setup'"},
      workspace
    )
    for (const text of ['from setup', path.basename(workspace), '[]', 'tasks-script']) expect(run.log).toContain(`\n${text}\n::endgroup::`)
  })

  test.each([
    ["'ran'; Write-Host 'no list'; exit 3", 'no list (exit code 3)', 'no list'],
    ["'ran'; throw 'no database'", 'no database (exit code 1)', 'no database'],
    ["'ran'; Write-Host 'waiting'; Start-Sleep 600", 'timed out after 5 s', 'waiting'],
    ['[Environment]::Exit(0)', 'PowerShell was ended before the entries were written; end the script with "exit" or "return"', '']
  ])('runs nothing where the script fails: %s', async (script, verdict, text) => {
    const run = await runAction({'tasks-script': script, ...(verdict.startsWith('timed out') && {timeout: '5s'})}, workspace)
    expect(run.exitCode).toBe(1)
    expect(run.log).toMatch(/::group::.* tasks-script.*\n/)
    const [, afterwards = ''] = run.log.split('::endgroup::\n')
    expect(afterwards.startsWith(`::error::tasks-script: ${verdict}\n`)).toBe(true)
    expect(afterwards).toContain(text)
    expect(afterwards.endsWith('Nothing was run.\n')).toBe(true)
    expect(run.outputs).toMatchObject({result: 'failure', total: '0'})
    expect(run.summary).toContain(text)
    expect(run.leftFiles).toEqual([])
  })

  test('runs nothing where an entry is wrong, and tells all that is wrong', async () => {
    const run = await runAction({'tasks-script': "'x'; @{nmae = 'x'; run = 'y'}; 12"}, workspace)
    expect(run.exitCode).toBe(1)
    expect(run.log).toContain(
      '::error::tasks-script: entry 2: unknown field "nmae", did you mean "name"?\n::error::tasks-script: entry 3: '
    )
  })

  test('succeeds where the script puts out nothing', async () => {
    const run = await runAction({'tasks-script': 'if ($false) { 1 }'}, workspace)
    expect(run.exitCode).toBe(0)
    expect(run.outputs).toMatchObject({result: 'success', total: '0'})
  })

  test('prints the plan of a dry run, for which the script runs', async () => {
    const witness = path.join(workspace, 'dry')
    const run = await runAction({'tasks-script': `@{name = 'made'; run = "Set-Content '${witness}' x"}`, 'dry-run': 'true'}, workspace)
    expect(run.exitCode).toBe(0)
    expect(run.log).toMatch(/::endgroup::\nPlan: 1 task in 1 wave\n\nWave 1: 1 task\n {2}made/)
    expect(existsSync(witness)).toBe(false)
  })

  test('masks what the script announces from then on: in its output, the errors, the plan and the tasks', async () => {
    const announce = "Write-Host '::add-mask::s3cret'; Write-Host 'a s3cret'"
    const inputs = [
      {'tasks-script': `${announce}; @{name = 'the s3cret'; run = "'it is s3cret'"}`},
      {'tasks-script': `${announce}; @{name = 'the s3cret'; run = 'x'}`, 'dry-run': 'true'},
      {'tasks-script': `${announce}; @{run = 'x'; s3cret = 1}`}
    ]
    for (const input of inputs) {
      const {log, summary} = await runAction(input, workspace)
      expect(log.replace('::add-mask::s3cret\n', '') + summary).not.toContain('s3cret')
      expect(log).toContain('a ***\n')
    }
  })

  onUnix('ends the script and what it started on a cancel, and runs nothing', async () => {
    const pidFile = path.join(workspace, 'child.pid')
    const script = `sh -c 'echo $$ > "${pidFile}.new"; mv "${pidFile}.new" "${pidFile}"; exec sleep 600'; "'never'"`
    const {cancel, done} = await startAction({'tasks-script': script}, workspace)
    await until('the child runs', () => existsSync(pidFile))
    cancel()
    const run = await done
    expect(run.exitCode).toBe(1)
    expect(run.signals).toEqual(['SIGINT'])
    expect(run.log).not.toContain('::error')
    expect(run.log).toMatch(/\nThe run was cancelled before its list was made\.\nNothing was run\.\n$/)
    expect(run.outputs).toMatchObject({result: 'cancelled', total: '0'})
    expect(run.summary).toMatch(/^## ⛔ Cancelled, nothing was run\n/)
    expect(run.log.endsWith('Nothing was run.\n')).toBe(true)
    expect(run.leftFiles).toEqual([])
    const pid = Number(readFileSync(pidFile, 'utf8'))
    await until('the child is gone', () => !isAlive(pid))
  })
})

describe('the command with --tasks-script', () => {
  test('keeps what the script prints out of what is asked for with --list', async () => {
    const run = await runCommand(['--list', '--tasks-script', "Write-Host 'looking'; @{name = 'made'; run = '1'}"], {folder: workspace})
    expect(run).toMatchObject({exitCode: 0, stdout: 'made  made\n'})
    expect(run.stderr).toContain('    looking\n')
  })

  test('ends with 2 where the script fails', async () => {
    const run = await runCommand(['--tasks-script', 'exit 3'], {folder: workspace})
    expect(run).toMatchObject({exitCode: 2, stderr: 'tasks-script: exit code 3\nNothing was run.\n'})
  })

  onUnix('ends with 130 where the script is interrupted', async () => {
    const ready = path.join(workspace, 'script runs')
    const script = `[IO.File]::WriteAllText('${ready}', ''); Start-Sleep 600`
    const {process: command, done} = await startCommand(['--tasks-script', script], {folder: workspace})
    await until('the script runs', () => existsSync(ready))
    command.kill('SIGINT')
    expect(await done).toMatchObject({exitCode: 130, stderr: 'tasks-script: cancelled\nNothing was run.\n'})
  })

  test('runs some of the tasks that the script makes', async () => {
    writeFileSync(path.join(workspace, 'make.ps1'), '1..3 | ForEach-Object { @{id = "t$_"; run = "\'number $_\'"} }')
    const run = await runCommand(['--tasks-script', './make.ps1', '--only', 't2'], {folder: workspace})
    expect(run.stdout).toContain('number 2')
    expect(run.stdout).toContain('1 succeeded in ')
  })
})
