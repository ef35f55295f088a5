import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {processControl} from '../../src/process/process-control.ts'
import {runAction, startAction} from '../support/action-run.ts'
import {isAlive} from '../support/is-alive.ts'
import {runnerCommand, runnerLines} from '../support/runner-commands.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {until} from '../support/until.ts'

const workspace = temporaryFolder()
const onUnix = process.platform === 'win32' ? test.skip : test
/** For tests in which a limit has to pass: they wait at the same time. */
const waitsOnUnix = process.platform === 'win32' ? test.skip : test.concurrent

const commandsIn = (log: string) => runnerLines(log).flatMap(line => runnerCommand(line) ?? [])
const textIn = (log: string): string =>
  runnerLines(log)
    .filter(line => runnerCommand(line) === undefined)
    .join('\n')

/** PowerShell that adds a line to one of the files that the runner reads. */
const append = (variable: string, line: string): string => `[IO.File]::AppendAllText($env:${variable}, "${line}" + [char] 10)`

describe('the action', () => {
  test('tells the true exit code of a task that fails in the log, the summary and the outputs, and fails', async () => {
    const run = await runAction(
      {tasks: "- name: good\n  run: \"'fine'\"\n- name: bad\n  run: |\n    'about to fail'\n    exit 42\n"},
      workspace
    )
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toBe('')
    expect(run.log).toMatch(/^pwsh-pool: 2 tasks, \d+ at a time, pwsh \d\S+, isolation process\n/)
    expect(run.log).toMatch(/::group::✗ bad · exit code 42 \(\d+\.\d s\)\nabout to fail\n::endgroup::\n/)
    expect(run.log).toMatch(/Failed: 1 of 2\n✗ bad · exit code 42 · \d+\.\d s\n {4}about to fail\n::error title=bad::exit code 42\n/)
    expect(run.summary).toContain('## ❌ 1 of 2 tasks failed')
    expect(run.summary).toContain('| ❌ | bad | exit code 42 |')
    expect(run.outputs).toMatchObject({result: 'failure', total: '2', succeeded: '1', failed: '1', cancelled: '0', skipped: '0'})
    expect(JSON.parse(run.outputs.results ?? '')).toMatchObject([
      {id: 'good', status: 'success', exitCode: 0, attempts: 1},
      {id: 'bad', status: 'failure', exitCode: 42, attempts: 1, error: 'exit code 42'}
    ])
  })

  test('takes an exit code for a success where the task or the input says so, tells which it was, and keeps what the task wrote', async () => {
    const tasks = `
- {name: installer, run: '${append('GITHUB_OUTPUT', 'reboot=yes')}; exit 194', success-codes: [0, 194]}
- {id: differs, run: bash -c "exit 1"}
- {id: after, needs: installer, run: '"after $($needs.installer.result) $($needs.installer.outputs.reboot)"'}
- {id: broken, success-codes: [0, 9], run: '${append('GITHUB_OUTPUT', 'not a pair')}; exit 9'}
`
    const run = await runAction({tasks, 'success-codes': '0, 1', isolation: 'runspace'}, workspace)
    expect(run.log).toMatch(/::group::✓ installer · exit code 194 \(/)
    expect(run.log).toContain('after success yes\n')
    expect(run.summary).toContain('| ✅ | installer | succeeded, exit code 194 |')
    const results = JSON.parse(run.outputs.results ?? '')
    expect(results.map(({status, exitCode}: Record<string, unknown>) => [status, exitCode])).toEqual([
      ['success', 194],
      ['success', 1],
      ['success', 0],
      ['failure', null]
    ])
    expect(results[0]).toMatchObject({error: null, outputs: {reboot: 'yes'}})
  })

  test('writes the whole report and leaves nothing else behind', async () => {
    const run = await runAction({tasks: '- "\'x\' * 1MB"'}, workspace)
    expect(run.exitCode).toBe(0)
    const [report = ''] = run.leftFiles.filter(file => file.endsWith('.json'))
    expect(run.leftFiles).toEqual([path.dirname(report), report])
    expect(run.outputs['report-path']?.endsWith(report)).toBe(true)
    expect(JSON.parse(readFileSync(run.outputs['report-path'] ?? '', 'utf8'))).toMatchObject({schemaVersion: 1, result: 'success'})
  })

  test('leaves what it knew in the JSON report where it is killed', async () => {
    const report = path.join(workspace, 'killed', 'report.json')
    const goOn = path.join(workspace, 'go-on')
    const tasks = JSON.stringify([
      {id: 'done', run: append('GITHUB_OUTPUT', 'url=https://x')},
      {id: 'runs', needs: 'done', run: `while (-not [IO.File]::Exists('${goOn}')) { Start-Sleep -Milliseconds 100 }`},
      {id: 'waits', needs: 'runs', run: '1'}
    ])
    const step = await startAction({tasks, 'json-report': report}, workspace)
    const statuses = () => {
      const text = existsSync(report) ? readFileSync(report, 'utf8') : '{"tasks":[]}'
      return JSON.parse(text).tasks.map(({status, attempts}: {status: string | null; attempts: unknown[]}) => [status, attempts.length])
    }
    await until('the second task is in the report', () => statuses()[1]?.[1] === 1)
    step.process.kill('SIGKILL')
    // What it started is an orphan now.
    writeFileSync(goOn, '')
    await step.done
    expect(statuses()).toEqual([
      ['success', 1],
      [null, 1],
      [null, 0]
    ])
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({
      result: null,
      endedAt: null,
      tasks: [{outputs: {url: 'https://x'}}, {}, {}]
    })
  })

  test('tells a task which of those that it needs failed and how, by ids with hyphens and of any script too', async () => {
    const tasks = `
- {id: install-tool-x, run: '${append('GITHUB_OUTPUT', 'v=1')}'}
- {name: сборка 二, run: exit 4, continue-on-error: true}
- {id: each, name: part $_, foreach: [a, b], run: "if ($_ -eq 'b') { exit 7 }", continue-on-error: true}
- name: last
  needs: [install-tool-x, сборка_二, each]
  run: |
    "one $($needs.install_tool_x.outputs.v) $($needs.'install-tool-x'.result) $($needs.Count)"
    "two $($needs.сборка_二.name): $($needs.сборка_二.error) $($needs.сборка_二.exitCode.GetType().Name)"
    foreach ($task in $needs.each | Where-Object result -ne success) { "$($task.id), $($task.name), $($task.exitCode), $($task.durationMs -gt 0)" }
`
    const run = await runAction({tasks, isolation: 'none'}, workspace)
    expect(run.log).toContain('one 1 success 3\ntwo сборка 二: exit code 4 Int32\neach_2, part b, 7, True\n')
    expect(run.exitCode).toBe(0)
  })

  test('takes plain lines, each an invocation as it is typed', async () => {
    writeFileSync(path.join(workspace, 'add.ps1'), 'param([int] $A, [int] $B) "sum $($A + $B)"')
    const run = await runAction({tasks: '# two\n./add.ps1 -A 1 -B 2\n./add.ps1 -A 3 -B 4; exit 5\n'}, workspace)
    expect(run.log).toContain('sum 3')
    expect(run.log).toContain('sum 7')
    expect(JSON.parse(run.outputs.results ?? '').map((task: {exitCode: number}) => task.exitCode)).toEqual([0, 5])
  })

  test('hands parameters to scripts with their types, and env and working-directory to processes', async () => {
    mkdirSync(path.join(workspace, 'sub dir'), {recursive: true})
    const script = `param([string[]] $Names, [hashtable] $Map, [switch] $Force, $Big, $Real)
"$($Names -join '+') $($Map.a.b) $Force $($Big.GetType().Name) $($Real.GetType().Name) $env:GREETING $(Split-Path -Leaf $PWD)"
`
    writeFileSync(path.join(workspace, 'show.ps1'), script)
    const run = await runAction(
      {
        tasks: `
- file: show.ps1
  parameters: {Names: [it's, "$(throw)"], Map: {a: {b: ‘q’}}, Force: true, Big: 12345678901234567890, Real: 1.0}
  env: {GREETING: "hello; exit 1"}
  working-directory: sub dir
`
      },
      workspace
    )
    expect(run.exitCode).toBe(0)
    expect(run.log).toContain("it's+$(throw) ‘q’ True BigInteger Double hello; exit 1 sub dir\n")
  })

  test('begins script text with param(…) where there are parameters', async () => {
    const run = await runAction(
      {tasks: '- run: |\n    param([int] $Seconds)\n    "got $Seconds"\n    exit $Seconds\n  parameters: {Seconds: 7}\n'},
      workspace
    )
    expect(run.log).toContain('got 7')
    expect(JSON.parse(run.outputs.results ?? '')[0].exitCode).toBe(7)
  })

  test.concurrent('ends a task and what it started at its timeout, and says so', async () => {
    const pidFile = path.join(workspace, 'child.pid')
    const child = `process.stdout.write('child started\\n'); require('fs').writeFileSync(process.env.PID_FILE, String(process.pid)); setInterval(() => {}, 1e6)`
    const run = await runAction(
      {
        tasks: JSON.stringify([
          {name: 'hangs', run: '& $env:NODE -e $env:CHILD', timeout: '8s', env: {PID_FILE: pidFile, NODE: process.execPath, CHILD: child}}
        ])
      },
      workspace
    )
    expect(run.exitCode).toBe(1)
    expect(run.log).toMatch(/::group::✗ hangs · timed out after 8 s \(/)
    expect(JSON.parse(run.outputs.results ?? '')).toMatchObject([{status: 'timed-out', exitCode: null}])
    const pid = Number(readFileSync(pidFile, 'utf8'))
    await until('the child is gone', () => !isAlive(pid))
  })

  test('with workflow-commands "ignore" lets no line of a task be a command, in either notation, on either stream', async () => {
    const hostile = `"::error::one"; "  ::add-mask::two"; "text ##[set-output name=three]x"; [Console]::Error.WriteLine("::stop-commands::four"); Write-Host "a\`r::error::five"; [Console]::Error.Write("##[group]six")`
    const run = await runAction({tasks: JSON.stringify([{name: 'hostile', run: hostile}]), 'workflow-commands': 'ignore'}, workspace)
    expect(commandsIn(run.log).map(({name}) => name)).toEqual(['group', 'endgroup'])
    for (const word of ['one', 'three', 'four', 'five', 'six']) expect(textIn(run.log)).toContain(word)
    expect(run.log).not.toContain('two')
    expect(run.outputs).not.toHaveProperty('three')
  })

  test('runs nothing when the list is wrong, and tells all that is wrong as annotations in the file', async () => {
    const list = path.join(workspace, 'wrong.yml')
    const witness = path.join(workspace, 'witness')
    writeFileSync(list, `- Set-Content -Path '${witness}' -Value x\n- nmae: x\n  run: y\n- run: z\n  timeout: soon\n`)
    const run = await runAction({'tasks-file': 'wrong.yml'}, workspace)
    expect(run.exitCode).toBe(1)
    expect(existsSync(witness)).toBe(false)
    const errors = commandsIn(run.log).filter(({name}) => name === 'error')
    expect(errors.map(({properties}) => [properties.file, properties.line])).toEqual([
      ['wrong.yml', '2'],
      ['wrong.yml', '5']
    ])
    expect(errors[0]?.data).toContain('did you mean "name"?')
    expect(run.log.endsWith('Nothing was run.\n')).toBe(true)
    expect(run.outputs).toMatchObject({result: 'failure', results: '[]', total: '0'})
    expect(run.summary).toMatch(/^## ❌ Nothing was run\n\n- wrong.*did you mean.*\n- wrong.*soon/)
  })

  test.each([
    ['a wrong input', {tasks: '- x', timeout: 'soon'}, 'timeout&#58; expected'],
    ['no PowerShell', {tasks: '- x', shell: 'no-such-pwsh'}, '&#34;no-such-pwsh&#34; was not found on PATH'],
    ['a file that is not there', {'tasks-file': 'missing.yml'}, 'missing.yml'],
    ['a script that fails', {'tasks-script': "throw 'there is no list today'"}, 'there is no list today']
  ])('fails with a result and a page that says why, for %s', async (_, inputs, why) => {
    const run = await runAction({...inputs}, workspace)
    expect([run.exitCode, run.stderr]).toEqual([1, ''])
    expect(run.outputs).toMatchObject({result: 'failure', results: '[]', total: '0'})
    expect(run.summary).toMatch(/^## ❌ Nothing was run\n\n- /)
    expect(run.summary).toContain(why)
    expect((await runAction({...inputs, summary: 'none'}, workspace)).summary).toBe('')
  })

  test('tells every wrong input at once', async () => {
    const run = await runAction({'max-parallel': 'many', timeout: 'soon'}, workspace)
    expect(run.exitCode).toBe(1)
    expect(commandsIn(run.log).map(({data}) => data.split(':', 1)[0])).toEqual(['tasks', 'max-parallel', 'timeout'])
  })

  test('says which PowerShell it looked for and how to get one', async () => {
    const run = await runAction({tasks: '- x', shell: 'no-such-pwsh -NoLogo'}, workspace)
    expect(run.exitCode).toBe(1)
    expect(run.log).toContain('shell: "no-such-pwsh" was not found on PATH')
    expect(run.log).toContain('https://aka.ms/powershell')
  })

  test('says that a program is no PowerShell', async () => {
    const run = await runAction({tasks: '- x', shell: process.execPath}, workspace)
    expect(run.exitCode).toBe(1)
    expect(run.log).toContain(`shell: ${process.execPath} is not a PowerShell`)
  })

  waitsOnUnix('gives up a program that does not tell its version, ends it, and ends the step', async () => {
    const shell = path.join(workspace, 'hangs')
    const pids = path.join(workspace, 'hangs.pids')
    writeFileSync(shell, `#!/bin/sh\ntrap '' INT TERM\nsleep 600 &\necho $$ $! >> '${pids}'\nwait\nsleep 600\n`, {mode: 0o755})
    const run = await runAction({tasks: '- x', shell}, workspace)
    expect([run.exitCode, run.endedBy, run.stderr, run.hadOpenPipes]).toEqual([1, null, '', false])
    expect(run.log).toContain(`shell: ${shell} did not print its version within 10 s`)
    const asked = readFileSync(pids, 'utf8').trim().split(/\s/).map(Number)
    expect(asked).toHaveLength(2)
    await until('all of it is gone', () => !asked.some(isAlive))
  })

  test('succeeds with nothing to do', async () => {
    const run = await runAction({tasks: '[]'}, workspace)
    expect(run.exitCode).toBe(0)
    expect(run.outputs).toMatchObject({result: 'success', results: '[]', total: '0'})
  })

  test('prints the plan of a dry run and starts nothing', async () => {
    const witness = path.join(workspace, 'dry')
    const run = await runAction(
      {tasks: `- name: first\n  run: Set-Content '${witness}' x\n`, 'dry-run': 'true', shell: 'no-such-pwsh'},
      workspace
    )
    expect(run.exitCode).toBe(0)
    expect(run.log).toContain('first')
    expect(existsSync(witness)).toBe(false)
    expect([run.outputs.result, run.summary]).toEqual(['success', ''])
  })

  test('hands outputs, environment and paths of a task to those that need it, and to the step', async () => {
    const tools = path.join(workspace, 'tools')
    const build = [
      append('GITHUB_OUTPUT', 'url=https://x?a=b'),
      append('GITHUB_ENV', 'STAGE=test'),
      append('GITHUB_PATH', tools),
      append('GITHUB_STEP_SUMMARY', '**built**')
    ]
    const use = `"$($needs.build.outputs.url) $($needs.build.result) $env:STAGE $($env:PATH.Contains('${tools}')) $($needs.each.Count) $($needs.each[1].outputs.n)"`
    const run = await runAction(
      {
        tasks: JSON.stringify([
          {id: 'use', name: 'use', needs: ['build', 'each'], run: use},
          {id: 'build', name: 'build', run: build.join('\n')},
          {id: 'each', name: 'each $_', foreach: [1, 2], run: append('GITHUB_OUTPUT', 'n=$_')},
          {id: 'other', name: 'other', run: '"[$env:STAGE]"'}
        ])
      },
      workspace
    )
    expect(run.exitCode).toBe(0)
    expect(run.log).toContain('https://x?a=b success test True 2 2\n')
    expect(run.log).toContain('\n[]\n')
    expect(run.outputs).toMatchObject({url: 'https://x?a=b', n: '2'})
    expect(run.log).toMatch(/::warning::[^\n]*"n"/)
    expect(run.files.GITHUB_ENV).toMatch(/STAGE/)
    expect(run.files.GITHUB_PATH.trim()).toBe(tools)
    expect(run.summary).toContain('**built**')
    expect(JSON.parse(run.outputs.results ?? '').map((task: {outputs: object}) => task.outputs)).toContainEqual({url: 'https://x?a=b'})
  })

  test('takes nothing from an attempt that is tried again, and keeps what the action itself says', async () => {
    const task = `
      ${append('GITHUB_OUTPUT', 'try$env:PWSH_POOL_ATTEMPT=yes')}
      ${append('GITHUB_OUTPUT', 'Result=mine')}
      "attempt $env:PWSH_POOL_ATTEMPT"
      if ($env:PWSH_POOL_ATTEMPT -eq 1) { exit 4 }`
    const run = await runAction({tasks: JSON.stringify([{name: 'flaky', run: task, retry: 1}])}, workspace)
    expect(run.exitCode).toBe(0)
    expect(run.log).toMatch(/::group::✗ flaky · exit code 4 \(\d+\.\d s, attempt 1 of 2\)\nattempt 1\n::endgroup::\n/)
    expect(run.log).toMatch(/::group::✓ flaky \(\d+\.\d s, attempt 2 of 2\)\nattempt 2\n::endgroup::\n/)
    expect(run.outputs).toMatchObject({try2: 'yes', result: 'success'})
    expect(run.outputs).not.toHaveProperty('try1')
    expect(run.log).toContain('The output "result" is the action\'s own')
  })

  test('says once what setup prints, and stops with its text when it is broken', async () => {
    const good = await runAction({tasks: '- "$greeting"\n- "$greeting + 1"\n', setup: "$greeting = 'hello'; 'setting up'"}, workspace)
    expect(good.exitCode).toBe(0)
    expect(good.log.match(/::group::modules and setup\nsetting up\n::endgroup::/g)).toHaveLength(1)
    const broken = await runAction({tasks: '- "\'a\'"\n- "\'b\'"\n', 'max-parallel': '1', setup: "throw 'no database'"}, workspace)
    expect(broken.exitCode).toBe(1)
    expect(broken.log).toContain('no database')
    expect(broken.outputs).toMatchObject({result: 'failure', failed: '1', skipped: '1'})
  })

  onUnix('with fail-fast "true" ends what runs', async () => {
    const ready = path.join(workspace, 'ready to fail')
    const run = await runAction(
      {
        tasks: JSON.stringify([
          {name: 'long', run: '[IO.File]::WriteAllText($env:READY, ""); Start-Sleep -Seconds 600', env: {READY: ready}},
          {name: 'fails', run: 'while (-not [IO.File]::Exists($env:READY)) { Start-Sleep -Milliseconds 20 }; exit 1', env: {READY: ready}}
        ]),
        'max-parallel': '2',
        'fail-fast': 'true'
      },
      workspace
    )
    expect(run.log).toMatch(/::group::⊘ long · ended because fails failed \(/)
    expect(run.outputs).toMatchObject({result: 'failure', failed: '1', cancelled: '1'})
  })

  onUnix('when cancelled lets tasks clean up, skips the rest, and still writes everything', async () => {
    const ready = path.join(workspace, 'ready')
    const run = "try { Set-Content -Path $env:READY -Value x; Start-Sleep -Seconds 600 } finally { [Console]::WriteLine('cleaned up') }"
    const {process: action, done} = await startAction(
      {
        tasks: JSON.stringify([
          {name: 'long', run, env: {READY: ready}},
          {name: 'next', run: "'never'"}
        ]),
        'max-parallel': '1'
      },
      workspace
    )
    await until('the task runs', () => existsSync(ready))
    action.kill('SIGINT')
    const {exitCode, log, outputs, summary} = await done
    expect(exitCode).toBe(1)
    expect(log).toContain('cleaned up')
    expect(log).toMatch(/::group::⊘ long · cancelled \(/)
    expect(log).toContain('\n1 task not started: the run was cancelled\n')
    expect(summary).toContain('## ⛔ Cancelled, 2 tasks')
    expect(outputs).toMatchObject({result: 'cancelled', cancelled: '1', skipped: '1'})
  })

  onUnix('kills a task that ignores signals at the second signal, and still writes everything', async () => {
    const ready = path.join(workspace, 'ready for two')
    const {process: action, done} = await startAction(
      {
        tasks: JSON.stringify([
          {name: 'deaf', run: `sh -c 'trap "" INT TERM; touch "$READY"; while :; do sleep 600; done'`, env: {READY: ready}}
        ])
      },
      workspace
    )
    await until('the task runs', () => existsSync(ready))
    action.kill('SIGINT')
    action.kill('SIGTERM')
    const {outputs, summary} = await done
    expect(outputs).toMatchObject({result: 'cancelled', cancelled: '1'})
    expect(summary).toContain('## ⛔ Cancelled')
    const left = await processControl.listProcesses(`READY=${ready}`)
    expect(left.filter(({isMarked}) => isMarked)).toEqual([])
  })
})
