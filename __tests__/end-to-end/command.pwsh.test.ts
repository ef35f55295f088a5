import {execFileSync} from 'node:child_process'
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {runCommand, type Surroundings, startCommand} from '../support/command-run.ts'
import {isAlive} from '../support/is-alive.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {until} from '../support/until.ts'

const folder = temporaryFolder()
const inFolder = (...names: string[]) => path.join(folder, ...names)
const read = (name: string) => readFileSync(inFolder(name), 'utf8')
const onUnix = process.platform === 'win32' ? test.skip : test
const run = (args: readonly string[], surroundings: Partial<Surroundings> = {}) => runCommand(args, {folder, ...surroundings})

const list = (...tasks: readonly object[]) => JSON.stringify(tasks)
writeFileSync(inFolder('good.yml'), '- name: greet\n  run: "\'hello\'"\n')
writeFileSync(
  inFolder('needs.yml'),
  list(
    {id: 'build', name: 'build', run: "'built'"},
    {id: 'test', name: 'test $_', foreach: ['a', 'b'], needs: 'build', run: '"tested $($needs.build.result)"'},
    {id: 'other', name: 'other', run: 'exit 1'}
  )
)

describe('pwsh-pool', () => {
  test('runs a list, prints each block as text, and ends with 0', async () => {
    const {exitCode, stdout, stderr} = await run(['good.yml'])
    expect(stderr).toBe('')
    expect(stdout).toMatch(
      /^pwsh-pool: 1 task, \d+ at a time, pwsh \S+, isolation process\n✓ greet \(\d+\.\d s\)\n {4}hello\n1 succeeded in /
    )
    expect(exitCode).toBe(0)
  })

  test('ends with 1 when a task failed, and writes reports and the summary with what tasks wrote to theirs', async () => {
    const own = '[IO.File]::AppendAllText($env:GITHUB_STEP_SUMMARY, "**own page**")'
    const output = '[IO.File]::AppendAllText($env:GITHUB_OUTPUT, "url=https://x" + [char] 10)'
    writeFileSync(inFolder('summary.md'), 'from before')
    const files = ['--summary', 'summary.md', '--json-report', 'out/report.json', '--junit-report', 'out/junit.xml', '--logs', 'out/logs']
    const {exitCode, stdout} = await run(['-', ...files], {
      input: list({name: 'bad', run: `'about to fail'; exit 42`}, {name: 'good', run: `${own}\n${output}`})
    })
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/\nFailed: 1 of 2\n✗ bad · exit code 42 · \d+\.\d s\n {4}about to fail\n1 succeeded, 1 failed in /)
    expect(read('summary.md')).toMatch(/^## ❌ 1 of 2 tasks failed\n.*\*\*own page\*\*/s)
    expect(JSON.parse(read('out/report.json')).tasks).toMatchObject([{exitCode: 42}, {outputs: {url: 'https://x'}}])
    expect(read('out/junit.xml')).toContain('<testsuites ')
    expect(readdirSync(inFolder('out', 'logs'))).toEqual(['1-bad.1.log', '2-good.1.log'])
  })

  test('prints no control code and no workflow command into a pipe, whatever tasks print', async () => {
    const hostile = '$e = [char] 27; "$e[31mred$e[2J"; "::error::no"; "::add-mask::s3cret"; "the s3cret"; [Console]::Write("one`rtwo")'
    const {stdout} = await run(['-', '--log', 'grouped'], {input: list({name: 'hostile', run: hostile})})
    expect(stdout).not.toMatch(/(?!\n)\p{Cc}/u)
    expect(stdout).toContain('    red\n    Error: no\n    the ***\n    one\n    two\n')
    expect(stdout).not.toContain('::')
  })

  test('shows lines as they come with the name of their task, and colors where they are forced', async () => {
    const {stdout} = await run(['good.yml', '--log', 'live'], {environment: {FORCE_COLOR: '1'}})
    expect(stdout).toContain('[greet] hello\n')
    expect(stdout).toContain('\u001B[32m✓ greet')
  })

  test.each([
    [['--max-paralel', '2', 'good.yml'], "error: unknown option '--max-paralel'\n(Did you mean --max-parallel?)"],
    [
      ['--max-parallel', '0', '--timeout', 'soon', 'good.yml'],
      '--max-parallel: expected "auto" or a whole number from 1 to 256, got "0"\n--timeout: '
    ],
    [[], 'error: no task list is given'],
    [['good.yml', '--tasks-script', '1'], 'error: expected one of FILE and --tasks-script, got both'],
    [['--only', 'greet', 'good.yml'], '--only takes every word that follows it: put FILE before it'],
    [['god.yml'], 'no such file "god.yml", did you mean "good.yml"?\nNothing was run.\n'],
    [['good.yml', '--only', 'gret'], '--only: no task has the name or id "gret", did you mean "greet"?\nNothing was run.\n'],
    [['-'], 'standard input:1:1: '],
    [['good.yml', '--shell', 'no-such-pwsh'], 'shell: "no-such-pwsh" was not found on PATH']
  ])('ends with 2 and says on standard error what is wrong with %j', async (args, message) => {
    const {exitCode, stdout, stderr} = await run(args, {input: ''})
    expect(stderr).toContain(message)
    expect(stdout).toBe('')
    expect(exitCode).toBe(2)
  })

  test('tells every mistake in a list with its place', async () => {
    const {exitCode, stderr} = await run(['-'], {input: '- nmae: x\n  run: y\n- run: z\n  timeout: soon\n'})
    expect(stderr).toMatch(/^standard input:1:3: unknown field "nmae", did you mean "name"\?[^\n]*\nstandard input:4:\d+: timeout: /)
    expect(exitCode).toBe(2)
  })

  test('reads a list in UTF-16 from standard input as the same file is read, and refuses what is no text', async () => {
    const utf16 = Buffer.from('\uFEFF- name: größer\n  run: "1"\n', 'utf16le')
    expect(await run(['--list', '-'], {input: utf16})).toMatchObject({exitCode: 0, stdout: 'großer  größer\n'})
    const {exitCode, stderr} = await run(['--list', '-'], {input: Buffer.from('- ä', 'latin1')})
    expect([exitCode, stderr]).toEqual([2, 'expected a text in UTF-8, got other bytes in standard input\nNothing was run.\n'])
  })

  test('tells a file that is missing and the mistakes of the others at once, and not that what may be in it is missing', async () => {
    writeFileSync(inFolder('half.yml'), '- {run: x, needs: elsewhere}\n- {nmae: x, run: y}\n')
    const {exitCode, stderr} = await run(['missing.yml', 'half.yml'])
    expect(exitCode).toBe(2)
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^no such file "missing.yml"/),
      'half.yml:2:4: unknown field "nmae", did you mean "name"?',
      'Nothing was run.',
      ''
    ])
  })

  test('prints help and version on standard output', async () => {
    const help = await run(['--help'])
    expect(help).toMatchObject({exitCode: 0, stderr: ''})
    expect(help.stdout).toContain('--fail-fast <mode>')
    for (const {stdout} of [help, await run(['plan', '--help']), await run(['merge', '--help'])]) {
      expect(stdout).toMatch(/^Usage: pwsh-pool /)
      expect(stdout.split('\n').filter(line => line.length > 80)).toEqual([])
    }
    const {version} = JSON.parse(readFileSync(path.join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'))
    expect(await run(['--version'])).toEqual({exitCode: 0, stdout: `${version}\n`, stderr: ''})
  })

  test('lists tasks and prints the plan without a PowerShell', async () => {
    const none = ['--shell', 'no-such-pwsh']
    expect((await run(['needs.yml', '--list', ...none])).stdout).toBe(
      'build   build\ntest_1  test a  needs build\ntest_2  test b  needs build\nother   other\n'
    )
    const plan = await run(['needs.yml', '--dry-run', '--only', 'test_2', ...none])
    expect(plan.stdout).toMatch(/^Plan: 2 tasks in 2 waves\n/)
    expect(plan.exitCode).toBe(0)
  })

  test('runs some tasks with what they need, or those alone', async () => {
    const withNeeds = await run(['needs.yml', '--only', 'test'])
    expect(withNeeds.exitCode).toBe(0)
    expect(withNeeds.stdout).toContain('3 succeeded in ')
    expect(withNeeds.stdout).toContain('    tested success\n')
    const alone = await run(['needs.yml', '--no-needs', '--only', 'test b', 'other'])
    expect(alone.exitCode).toBe(1)
    expect(alone.stdout).toContain('1 succeeded, 1 failed in ')
  })

  test('leaves nothing in the temporary folder', async () => {
    const temporary = inFolder('temporary')
    mkdirSync(temporary)
    await run(['good.yml'], {environment: {TMPDIR: temporary, TEMP: temporary, TMP: temporary}})
    expect(readdirSync(temporary)).toEqual([])
  })

  onUnix('ends what runs at the first signal, reports, and ends with 130', async () => {
    const hang = `Set-Content '${inFolder('started')}' x; Start-Sleep 600`
    const command = await startCommand(['-', '--json-report', 'cancelled.json'], {
      folder,
      input: list({name: 'hangs', run: hang}, {name: 'waits', needs: 'hangs', run: "'never'"})
    })
    await until('the task has begun', () => existsSync(inFolder('started')))
    command.process.kill('SIGINT')
    const {exitCode, stdout} = await command.done
    expect(exitCode).toBe(130)
    expect(stdout).toContain('1 cancelled, 1 skipped in ')
    expect(JSON.parse(read('cancelled.json')).result).toBe('cancelled')
  })

  onUnix('kills at the second signal what ignores the first', async () => {
    const script = `process.on('SIGINT', () => console.log('heard')); process.on('SIGTERM', () => {}); console.log('pid ' + process.pid); setInterval(() => {}, 1e6)`
    const command = await startCommand(['-', '--log', 'live'], {
      folder,
      input: list({name: 'stubborn', run: '& $env:NODE -e $env:SCRIPT', env: {NODE: process.execPath, SCRIPT: script}})
    })
    await until('the program has begun', () => command.stdout().includes('[stubborn] pid '))
    command.process.kill('SIGINT')
    await until('it has heard the first signal', () => command.stdout().includes('[stubborn] heard'))
    command.process.kill('SIGINT')
    const {exitCode, stdout} = await command.done
    expect(exitCode).toBe(130)
    const pid = Number(/pid (\d+)/.exec(stdout)?.[1])
    await until('the program is gone', () => !isAlive(pid))
  })

  onUnix('continues after the reader closes its output', async () => {
    const witness = inFolder('went on')
    const command = await startCommand(['-', '--max-parallel', '1'], {
      folder,
      input: list({name: 'first', run: `'x' * 100`}, {name: 'second', run: `'y'; Set-Content '${witness}' x`})
    })
    await until('it has begun', () => command.stdout().includes('pwsh-pool: 2 tasks'))
    command.process.stdout?.destroy()
    const {exitCode, stderr} = await command.done
    expect({exitCode, stderr}).toEqual({exitCode: 0, stderr: ''})
    expect(existsSync(witness)).toBe(true)
  })
})

describe('the package', () => {
  const root = path.join(import.meta.dirname, '..', '..')
  const packed = temporaryFolder()

  test('has all that the command needs, and depends on nothing', async () => {
    const npm = {cwd: root, shell: process.platform === 'win32', encoding: 'utf8'} as const
    const [archive = ''] = execFileSync('npm', ['pack', '--silent', '--pack-destination', packed], npm).trim().split('\n').slice(-1)
    execFileSync('tar', ['-xzf', archive], {cwd: packed})
    const manifest = JSON.parse(readFileSync(path.join(packed, 'package', 'package.json'), 'utf8'))
    expect(manifest.dependencies).toBeUndefined()
    const entry = path.join(packed, 'package', manifest.bin['pwsh-pool'])
    expect(readFileSync(entry, 'utf8').split('\n', 1)).toEqual(['#!/usr/bin/env node'])
    const {exitCode, stdout} = await run(['good.yml'], {bundle: entry})
    expect({exitCode, hasRun: stdout.includes('    hello\n')}).toEqual({exitCode: 0, hasRun: true})
  })
})
