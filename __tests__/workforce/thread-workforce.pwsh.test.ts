import {existsSync, mkdirSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {stepEnvironment} from '../../src/powershell/task-environment.ts'
import {createTask} from '../support/create-task.ts'
import {isAlive} from '../support/is-alive.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {until} from '../support/until.ts'
import {sharedWorkforce, type TestWorkforce, withWorkforce} from '../support/workforce.ts'

const folder = temporaryFolder()
const onUnix = process.platform === 'win32' ? test.skip : test
/** For tests that leave the worker as it was. */
const atHand = sharedWorkforce(folder, {maxParallel: 8, environment: stepEnvironment({...process.env, NO_COLOR: '1', TERM: 'dumb'})})
const thread = (overrides: Parameters<typeof createTask>[0] = {}) => ({isolation: 'thread' as const, ...overrides})
const taskOf = (text: string, overrides: Parameters<typeof createTask>[0] = {}) =>
  createTask({script: {kind: 'run', text}, workingDirectory: folder, ...thread(overrides)})

let files = 0
/** A file that does not exist yet, PowerShell that waits for it, and a way to make it. */
function gate(): {readonly wait: string; readonly open: () => void} {
  const file = path.join(folder, `gate-${files++}`)
  return {wait: `while (-not [IO.File]::Exists('${file}')) { Start-Sleep -Milliseconds 10 }`, open: () => writeFileSync(file, '')}
}

describe('tasks at isolation thread', () => {
  test('run at the same time in one process, each with its output, code, variables and files', async () => {
    const {run} = await atHand()
    const meeting = gate()
    const texts = Array.from(
      {length: 4},
      (_, i) => `
        $mine = ${i}; $env:MINE = 'value ${i}'; Set-Location '${i === 0 ? folder : '/'}'
        New-Item '${path.join(folder, `here-${i}`)}' | Out-Null; ${meeting.wait}
        "$mine $env:MINE $PWD $PID"; [Console]::WriteLine("console $mine"); Write-Warning "warning $mine"; Write-Error "error $mine" -ErrorAction Continue
        "key=$mine" >> $env:GITHUB_OUTPUT; exit $mine`
    )
    const running = texts.map(text => run(text, thread()))
    await until('all are running', () => texts.every((_, i) => existsSync(path.join(folder, `here-${i}`))))
    meeting.open()
    const ended = await Promise.all(running)
    const pids = ended.map(({text}) => /\d+$/m.exec(text)?.[0])
    expect(new Set(pids).size).toBe(1)
    for (const [i, {text, end, changes}] of ended.entries()) {
      const lines = [
        `${i} value ${i} ${i === 0 ? folder : '/'} ${pids[0]}`,
        `console ${i}`,
        `WARNING: warning ${i}`,
        `Write-Error: error ${i}`
      ]
      expect(text.trim().split('\n').toSorted()).toEqual(lines.toSorted())
      expect(end).toEqual({reason: 'exited', exitCode: i})
      expect(changes.outputs.get('key')).toBe(String(i))
    }
  })

  onUnix('give their environment to native commands, and find programs by a PATH that they have changed', async () => {
    const {run} = await atHand()
    mkdirSync(path.join(folder, 'tools'))
    writeFileSync(path.join(folder, 'tools', 'mine'), '#!/bin/sh\necho "my tool $A"\n', {mode: 0o755})
    const text = `$env:A = 'a'; sh -c 'echo "$A $B [$C]"'; $env:PATH = './tools:' + $env:PATH; mine; Remove-Item env:B; sh -c 'echo "[$B]"'
      (sh -c 'echo captured $A'); Test-Path env:C; (Get-ChildItem env:A).Value; [Environment]::GetEnvironmentVariable('A') ?? 'not the process'`
    const all = await Promise.all(
      Array.from({length: 6}, (_, i) =>
        run(
          text.replaceAll("'a'", `'a${i}'`),
          thread({
            env: new Map([
              ['B', 'b'],
              ['C', null]
            ])
          })
        )
      )
    )
    expect(all.map(({text}) => text.replace(/\n.*\n$/, '\n'))).toEqual(
      all.map((_, i) => `a${i} b []\nmy tool a${i}\n[]\ncaptured a${i}\nFalse\na${i}\n`)
    )
  })

  test('see nothing of the variables, errors and preferences of tasks before them', async () => {
    const {run} = await atHand()
    await run(
      "$global:left = 1; $ErrorActionPreference = 'Ignore'; Set-StrictMode -Version Latest; Get-Item nowhere; $PSDefaultParameterValues['*:Verbose'] = $true",
      thread()
    )
    const {text} = await run(
      '"[$left] $ErrorActionPreference $($Error.Count) $($null.nothing) $($PSDefaultParameterValues.Count)"',
      thread()
    )
    expect(text).toBe('[] Stop 0  0\n')
  })

  test('with another folder, PATH or start-time environment have another process', async () => {
    const {run} = await atHand()
    const elsewhere = path.join(folder, 'elsewhere')
    mkdirSync(elsewhere)
    const own = (env: [string, string]) => thread({env: new Map([env])})
    const runs = [
      await run('$PID', thread()),
      await run('$PID', thread()),
      await run('$PID', thread({workingDirectory: elsewhere})),
      await run('$PID', own(['PATH', `${folder}${path.delimiter}${process.env.PATH}`])),
      await run('$PID', own(['NO_COLOR', '1'])),
      await run('$PID', own(['OTHER', '1']))
    ]
    const [first, ...others] = runs.map(({text}) => text)
    expect(others.map(pid => pid === first)).toEqual([true, false, false, false, true])
  })

  onUnix('whose native commands live on have them ended, and are told so', async () => {
    const {run} = await atHand()
    const {left, end} = await run("sh -c 'sleep 600 > /dev/null 2>&1 & echo left'", thread())
    expect(left).toEqual([{pid: expect.any(Number), name: 'sleep', isEnded: true}])
    expect(end).toEqual({reason: 'exited', exitCode: 0})
    expect(left.some(({pid}) => isAlive(pid))).toBe(false)
  })

  test('tell the error that they fail by', async () => {
    const {run} = await atHand()
    const ends = await Promise.all(
      ["throw [InvalidOperationException]::new('no')", 'if ('].map(async text => (await run(text, thread())).end)
    )
    expect(ends).toMatchObject([
      {exitCode: 1, error: {types: expect.arrayContaining(['System.InvalidOperationException', 'System.Exception'])}},
      {exitCode: 1, error: {types: expect.arrayContaining(['System.Management.Automation.ParseException'])}}
    ])
  })

  test('whose folder cannot be entered fail alone', async () => {
    const {run} = await atHand()
    const {end} = await run('1', thread({workingDirectory: path.join(folder, 'nowhere')}))
    expect(end).toMatchObject({reason: 'not-started'})
  })
})

describe('a task at isolation thread that is ended', () => {
  /** Runs `text` beside another task, ends it once it says `now`, and returns what became of both. */
  async function endOne({start}: TestWorkforce, text: string) {
    const goOn = gate()
    const beside = start(taskOf(`'begun'; ${goOn.wait}; 'not disturbed'`))
    const marker = path.join(folder, `now-${files++}`)
    const task = start(taskOf(text.replace('now', `[IO.File]::WriteAllText('${marker}', '')`)))
    await until('it runs', () => existsSync(marker))
    task.running.end()
    const ended = await task.finished
    goOn.open()
    const other = await beside.finished
    expect(other.text).toBe('begun\nnot disturbed\n')
    expect(other.end).toEqual({reason: 'exited', exitCode: 0})
    return ended
  }

  test('runs its finally blocks, and those beside it go on', async () => {
    const test = await atHand()
    const {text} = await endOne(test, "try { now; Start-Sleep 600; 'no' } finally { Write-Host 'tidied' }; 'no'")
    expect(text).toBe('tidied\n')
    expect(test.retired).toEqual([])
  })

  onUnix('loses its native commands, also those that hold its pipes or have left their parents', async () => {
    const test = await atHand()
    const pids = path.join(folder, 'pids')
    await endOne(test, `now; sh -c 'sleep 600 & echo $! > "${pids}"; setsid sleep 600 & echo $! >> "${pids}"; wait'; 'no'`)
    const {text} = await test.run(`Get-Content '${pids}'`, thread())
    expect(text.trim().split('\n').map(Number).filter(isAlive)).toEqual([])
    expect(test.retired).toEqual([])
  })

  test('is woken where it waits in .NET', async () => {
    const test = await atHand()
    const {text} = await endOne(test, "now; [Threading.Thread]::Sleep(600000); 'no'")
    expect(text).toBe('')
    expect(test.retired).toEqual([])
    expect((await test.run("'and the slot works'", thread())).text).toBe('and the slot works\n')
  })

  test('and cannot be stopped is given up with its process: no new tasks, those beside it finish, what it prints later is kept', async () => {
    await withWorkforce(folder, {maxParallel: 4}, async test => {
      const computing = "now; $null = [regex]::new('(a+)+$').IsMatch('a' * 60 + 'b'); 'no'"
      const {end} = await endOne(test, computing)
      expect(end).toEqual({reason: 'killed', signal: 'SIGKILL'})
      expect(test.retired).toEqual(['condemned'])
      expect((await test.run("'in a new one'", thread())).text).toBe('in a new one\n')
    })
  })
})

describe('a worker at isolation thread that is lost', () => {
  test('by a task that ends its process has the others fail with its name', async () => {
    await withWorkforce(folder, {}, async ({start, run}) => {
      const goOn = gate()
      const beside = start(taskOf(`'begun'; Start-Sleep 600`, {name: 'beside'}))
      await beside.started
      const culprit = start(taskOf(`'last words'; ${goOn.wait}; [Environment]::Exit(7)`, {name: 'culprit'}))
      await culprit.started
      goOn.open()
      const [lost, ended] = [await beside.finished, await culprit.finished]
      expect([ended.text, ended.end]).toEqual(['last words\n', {reason: 'exited', exitCode: 7}])
      expect(lost.text).toBe('begun\n')
      expect(lost.end).toEqual({
        reason: 'worker-lost',
        message: 'the process that it ran in was ended (exit code 7) by the task culprit, which ran in it too'
      })
      expect((await run("'next'", thread())).text).toBe('next\n')
    })
  })

  onUnix('by a signal has all of them fail, and names them', async () => {
    await withWorkforce(folder, {}, async ({start}) => {
      const one = start(taskOf('Start-Sleep 600', {name: 'one'}))
      await one.started
      const other = start(taskOf('Stop-Process -Id $PID -Force; Start-Sleep 600', {name: 'other'}))
      const ends = [(await one.finished).end, (await other.finished).end]
      const message = 'the process that it ran in has ended (SIGKILL), perhaps by one of the tasks that ran in it: one, other'
      expect(ends).toEqual([
        {reason: 'worker-lost', message},
        {reason: 'worker-lost', message}
      ])
    })
  })

  onUnix('by its only task has this one end as its process', async () => {
    await withWorkforce(folder, {}, async ({run}) => {
      expect((await run('Stop-Process -Id $PID -Force; Start-Sleep 600', thread())).end).toEqual({reason: 'killed', signal: 'SIGKILL'})
    })
  })
})

describe('modules and setup at isolation thread', () => {
  test('are there in every slot, and what they print is no task’s', async () => {
    const setup = "'from setup'; $global:prepared = 'prepared'; function Get-Mine { 'mine' }"
    await withWorkforce(folder, {setup, modules: [{name: 'Microsoft.PowerShell.Archive', version: undefined}]}, async ({start, booted}) => {
      const goOn = gate()
      const tasks = [1, 2, 3].map(() =>
        start(taskOf(`${goOn.wait}; "$prepared $(Get-Mine) $((Get-Module).Name)"; $global:prepared = 'changed'`))
      )
      await Promise.all(tasks.map(({started}) => started))
      goOn.open()
      const ended = await Promise.all(tasks.map(({finished}) => finished))
      expect(ended.map(({text}) => text)).toEqual(Array(3).fill('prepared mine Microsoft.PowerShell.Archive\n'))
      expect(booted).toEqual(['from setup'])
      expect((await start(taskOf('$prepared')).finished).text).toBe('prepared\n')
    })
  })

  test.each([
    {what: 'a setup that fails', options: {setup: "'trying'; throw 'no sign-in'"}, text: /trying[\s\S]*no sign-in/},
    {what: 'a module that is not there', options: {modules: [{name: 'NoSuchModule', version: undefined}]}, text: /NoSuchModule/}
  ])('$what ends the run with its own words', async ({options, text}) => {
    await withWorkforce(folder, options, async ({run}) => {
      const {end} = await run("'never'", thread())
      expect(end).toMatchObject({reason: 'no-worker', failedStarts: 3, message: expect.stringMatching(text)})
    })
  })
})

test('what one of several tasks has printed past PowerShell is shown once, as nobody’s', async () => {
  await withWorkforce(folder, {}, async ({run, workforce}) => {
    const {text} = await run("[Console]::OpenStandardOutput().Write([byte[]] (0x72, 0x61, 0x77, 10)); 'mine'", thread())
    expect(text).toBe('mine\n')
    await run('$null = [Threading.Thread]::Sleep(100)', thread())
    const [stray, ...others] = workforce.closeLeft()
    expect([stray?.task, others]).toEqual([undefined, []])
    const shown: Uint8Array[] = []
    for await (const chunk of stray?.output.chunks() ?? []) shown.push(chunk)
    expect(Buffer.concat(shown).toString()).toBe('raw\n')
  })
})

test('a worker is replaced after as many tasks as are allowed in each of its slots, and those that run in it finish', async () => {
  await withWorkforce(folder, {maxTasksPerWorker: 2}, async ({start, run, retired}) => {
    const goOn = gate()
    const long = start(taskOf(`${goOn.wait}; $PID`))
    await long.started
    const texts: string[] = []
    while (texts.length < 5) texts.push((await run('$PID', thread())).text)
    goOn.open()
    const {text} = await long.finished
    expect(texts.map(each => each === text)).toEqual([true, true, true, true, false])
    expect(retired).toEqual(['task-limit'])
  })
})
