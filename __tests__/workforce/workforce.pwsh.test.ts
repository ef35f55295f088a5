import {chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import type {Task} from '../../src/model/task.ts'
import {processControl} from '../../src/process/process-control.ts'
import {createLock, createTask} from '../support/create-task.ts'
import {powershellAtHand} from '../support/powershell.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {until} from '../support/until.ts'
import {withWorkforce} from '../support/workforce.ts'

const folder = temporaryFolder()
const onUnix = process.platform === 'win32' ? test.skip : test
const env = (variables: Record<string, string | null>): Pick<Task, 'env'> => ({env: new Map(Object.entries(variables))})

describe('a task in a worker', () => {
  test('ends with its true exit code, its output on both streams recorded', async () => {
    await withWorkforce(folder, {}, async ({run}) => {
      expect(await run("'out'; [Console]::Error.WriteLine('err'); exit 7")).toMatchObject({
        end: {reason: 'exited', exitCode: 7},
        text: expect.stringMatching(/^(?:out\nerr|err\nout)\n$/)
      })
      expect((await run('throw "no"')).end).toEqual({reason: 'exited', exitCode: 1})
      expect((await run("'fine'")).end).toEqual({reason: 'exited', exitCode: 0})
    })
  })

  test('finds its environment, its folder and its own variables, and nothing of the worker', async () => {
    const odd = path.join(folder, 'odd [1] ünïcode')
    mkdirSync(odd)
    const script = `
      "$env:ADDED|$([int[]] [char[]] $env:LINES)|$env:PWSH_POOL_TASK|$env:PWSH_POOL_ATTEMPT|$env:PWSH_POOL_WORKER|$env:PWSH_POOL_LOCK_GRAPH"
      "$(Split-Path -Leaf $PWD.ProviderPath)|$(Split-Path -Leaf ([Environment]::CurrentDirectory))"
      "$($Error.Count)|$(Test-Path -LiteralPath variable:LASTEXITCODE)|$?"
      "absent: $(@($env:ABSENT -split ' ' -ne '').Where({-not [Environment]::GetEnvironmentVariables().Contains($_)}).Count)"
      -not [Environment]::GetEnvironmentVariables().Contains("ODD\`nREMOVED")
      (Get-Variable -Name pipe, reader, writer, folder, none, name, value, mark -ErrorAction Ignore).Count
      @([IO.Directory]::GetFileSystemEntries($env:PWSH_POOL_TEMP)).Count`
    const environment = {...process.env, REMOVED: 'x', 'ODD\nREMOVED': 'x'} as Record<string, string>
    const startFlags = ['DOTNET_TieredPGO', 'DOTNET_gcConcurrent', 'DOTNET_EnableWriteXorExecute', 'DOTNET_MultiCoreJitNoProfileGather']
    const absent = ['REMOVED', 'PWSH_POOL_TOKEN', 'PWSH_POOL_ADDRESS', 'POWERSHELL_TELEMETRY_OPTOUT', ...startFlags]
    for (const name of absent.slice(1)) delete environment[name]
    await withWorkforce(folder, {environment}, async ({run}) => {
      const added = {ADDED: 'a\tb; "c"', LINES: '%\r\n', ABSENT: absent.join(' '), REMOVED: null, 'ODD\nREMOVED': null}
      const {text} = await run(script, {...env(added), locks: [createLock('graph')], workingDirectory: odd})
      expect(text).toBe(
        `a\tb; "c"|37 13 10|task_0|1|0|0\nodd [1] ünïcode|odd [1] ünïcode\n0|False|True\nabsent: ${absent.length}\nTrue\n0\n0\n`
      )
    })
  })

  test('gets a process that was started with what PowerShell reads only then', async () => {
    const home = path.join(folder, 'home')
    mkdirSync(home)
    await withWorkforce(folder, {}, async ({workforce, run}) => {
      workforce.prepare([createTask(), createTask()])
      const {text} = await run(
        '"$([TimeZoneInfo]::Local.BaseUtcOffset.TotalHours) $HOME $env:EMPTY|"',
        env({TZ: 'Asia/Tokyo', HOME: home, EMPTY: ''})
      )
      if (process.platform !== 'win32') expect(text).toBe(`9 ${home} |\n`)
    })
  })

  test('gets a process that was started as the step has it, where that says how .NET is to run', async () => {
    for (const [isConcurrent, mode] of [
      ['1', 'Interactive'],
      ['0', 'Batch']
    ] as const) {
      const environment = {...process.env, DOTNET_gcConcurrent: isConcurrent}
      await withWorkforce(folder, {environment}, async ({run}) => {
        expect((await run('"$env:DOTNET_gcConcurrent $([Runtime.GCSettings]::LatencyMode)"')).text).toBe(`${isConcurrent} ${mode}\n`)
      })
    }
  })

  test('takes a worker that was booted ahead, and never one twice', async () => {
    await withWorkforce(folder, {}, async ({workforce, run, start}) => {
      workforce.prepare([createTask(), createTask()])
      const processes = await Promise.all([run('$PID'), run('$PID'), start(createTask({script: {kind: 'run', text: '$PID'}})).finished])
      expect(new Set(processes.map(({text}) => text)).size).toBe(3)
    })
  })

  test('is run from a file of the workspace with its parameters', async () => {
    const file = path.join(folder, "it's a [script].ps1")
    writeFileSync(file, 'param([int] $A, [string] $B) "$($A + 1) $B $PSCommandPath"; exit 9')
    await withWorkforce(folder, {}, async ({start}) => {
      const {text, end} = await start(
        createTask({script: {kind: 'file', path: file}, parameters: new Map([['A', 41n]]), arguments: ['x y']})
      ).finished
      expect(text).toBe(`42 x y ${file}\n`)
      expect(end).toEqual({reason: 'exited', exitCode: 9})
    })
  })

  test('has its item in $_, and what it wrote for the runner is read when it ends', async () => {
    await withWorkforce(folder, {}, async ({run}) => {
      const script = `
        "item: $($_.name)"
        [IO.File]::AppendAllText($env:GITHUB_OUTPUT, "url=https://x\`nnotes<<EOF\`na\`nb\`nEOF\`n")
        [IO.File]::AppendAllText($env:GITHUB_ENV, "STAGE=test\`n")
        [IO.File]::AppendAllText($env:GITHUB_PATH, "/tools\`n")
        [IO.File]::AppendAllText($env:GITHUB_STEP_SUMMARY, "# done\`n")`
      const {text, changes, end} = await run(script, {item: new Map([['name', 'eu']])})
      expect(text).toBe('item: eu\n')
      expect(end).toEqual({reason: 'exited', exitCode: 0})
      expect(Object.fromEntries(changes.outputs)).toEqual({url: 'https://x', notes: 'a\nb'})
      expect(Object.fromEntries(changes.env)).toEqual({STAGE: 'test'})
      expect(changes.paths).toEqual(['/tools'])
      expect(changes.summary).toContain('# done')
    })
  })

  test('fails by a file that the runner could not read, unless it failed by itself', async () => {
    await withWorkforce(folder, {}, async ({run}) => {
      const write = '[IO.File]::WriteAllText($env:GITHUB_OUTPUT, "no pair")'
      expect(await run(write)).toMatchObject({
        end: {reason: 'wrong-file', message: expect.stringContaining('GITHUB_OUTPUT line 1: "no pair"')}
      })
      expect((await run(`${write}; exit 5`)).end).toEqual({reason: 'exited', exitCode: 5})
    })
  })

  test('leaves no folder behind', async () => {
    const own = path.join(folder, 'own')
    mkdirSync(own)
    await withWorkforce(folder, {folder: own}, async ({workforce, run}) => {
      await run("'x'")
      workforce.prepare([createTask()])
    })
    expect(readdirSync(own)).toEqual([])
  })
})

describe.each(['process', 'runspace', 'none'] as const)('workers that boot, at isolation %s', isolation => {
  const go = path.join(folder, `go-${isolation}`)
  // The test decides when a worker has booted.
  const setup = `while (-not [IO.File]::Exists('${go}')) { [Threading.Thread]::Sleep(10) }`
  const children = async (mark: string) =>
    (await processControl.listProcesses(mark)).filter(({isMarked, parent}) => isMarked && parent === process.pid)
  const task = () => createTask({isolation, script: {kind: 'run', text: "'done'"}})

  onUnix('are as many at once as there are processors, and tasks that are ended while they wait for one are over at once', async () => {
    const mark = `BOOT_TEST=${isolation}-${process.pid}`
    const environment = {...process.env, BOOT_TEST: mark.slice('BOOT_TEST='.length)} as Record<string, string>
    await withWorkforce(folder, {processors: 2, maxParallel: 8, setup, environment}, async ({start}) => {
      const started = Array.from({length: 5}, () => start(task()))
      expect(await children(mark)).toHaveLength(2)
      for (const {running} of started.slice(2)) running.end()
      for (const {finished} of started.slice(2)) expect((await finished).end).toEqual({reason: 'killed', signal: 'SIGKILL'})
      expect(await children(mark)).toHaveLength(2)
      writeFileSync(go, '')
      for (const {finished} of started.slice(0, 2)) expect((await finished).text).toBe('done\n')
    })
  })
})

describe('a worker before its task', () => {
  test('finds its setup as its PowerShell reads it right: Windows PowerShell with a byte order mark and Windows line ends', async () => {
    const setup = "$name = 'ä'\n$bytes = [IO.File]::ReadAllBytes($MyInvocation.MyCommand.Path)"
    const look = '"$([BitConverter]::ToString($bytes, 0, 3)) $($bytes -eq 13) $name"'
    const edition = async (edition: 'pwsh' | 'powershell') => new Map([['pwsh', {...(await powershellAtHand()), edition}]])
    await withWorkforce(folder, {powershells: await edition('powershell'), setup}, async ({run}) => {
      expect((await run(look)).text).toBe('EF-BB-BF 13 ä\n')
    })
    await withWorkforce(folder, {powershells: await edition('pwsh'), setup}, async ({run}) => {
      expect((await run(look)).text).toMatch(/^24-6E-61 (13 )?\s?ä\n$/)
    })
  })

  const module = path.join(folder, 'Greeting.psm1')
  writeFileSync(module, "[Console]::WriteLine('module speaks'); function Get-Greeting { 'hello' }; [Console]::Write('no line end')")

  test('imports modules and runs setup, whose variables and functions the task finds', async () => {
    const setup = "$prefix = 'dear '; function Get-Name { 'world' }; Write-Output 'setup speaks'"
    await withWorkforce(folder, {modules: [{name: module, version: undefined}], setup}, async ({run, booted}) => {
      expect((await run('"$prefix$(Get-Name): $(Get-Greeting)"')).text).toBe('dear world: hello\n')
      expect((await run("'second'")).text).toBe('second\n')
      expect(booted).toEqual([`module speaks${os.EOL}no line endsetup speaks`])
    })
  })

  test.each([
    ['a module that is not there', {modules: [{name: 'No.Such.Module', version: undefined}]}, 'No.Such.Module'],
    ['a version that is not there', {modules: [{name: 'No.Such.Module', version: '1.2.3'}]}, '1.2.3'],
    ['a setup that throws', {setup: "throw 'setup is broken'"}, 'setup is broken'],
    ['a setup that exits', {setup: "Write-Output 'giving up'; exit 3"}, 'giving up']
  ])('tries %s three times and then tells its own text', async (_, options, text) => {
    await withWorkforce(folder, options, async ({run}) => {
      expect((await run("'never'")).end).toMatchObject({reason: 'no-worker', message: expect.stringContaining(text)})
    })
  })

  onUnix('costs a task nothing when it dies', async () => {
    const {command} = await powershellAtHand()
    const dies = path.join(folder, 'dies-twice')
    const marks = [1, 2].map(number => `mkdir '${dies}.${number}' 2>/dev/null && exit 1`)
    writeFileSync(dies, ['#!/bin/sh', ...marks, `exec '${command}' "$@"`].join('\n'))
    chmodSync(dies, 0o755)
    const powershells = new Map([['pwsh', {...(await powershellAtHand()), command: dies}]])
    await withWorkforce(folder, {powershells}, async ({run}) => {
      expect(await run("'at last'")).toMatchObject({end: {reason: 'exited', exitCode: 0}, text: 'at last\n'})
    })
    expect([1, 2].map(number => existsSync(`${dies}.${number}`))).toEqual([true, true])
  })

  test('that cannot be started reports the reason', async () => {
    const powershells = new Map([['pwsh', {...(await powershellAtHand()), command: path.join(folder, 'gone')}]])
    await withWorkforce(folder, {powershells}, async ({run}) => {
      expect((await run("'x'")).end).toMatchObject({reason: 'no-worker', message: expect.stringContaining('ENOENT')})
    })
  })
})

describe('a worker that is killed', () => {
  /** Of the one PowerShell that is ours, as soon as it is there. */
  async function pidOfWorker(): Promise<number> {
    for (;;) {
      const ours = (await processControl.listProcesses('')).find(({parent, name}) => parent === process.pid && name === 'pwsh')
      if (ours !== undefined) return ours.pid
    }
  }

  onUnix('while its task runs is the end of that task alone', async () => {
    await withWorkforce(folder, {}, async ({start, run}) => {
      const {started, finished} = start(createTask({script: {kind: 'run', text: 'Start-Sleep -Seconds 600'}}))
      await started
      process.kill(await pidOfWorker(), 'SIGKILL')
      expect((await finished).end).toEqual({reason: 'killed', signal: 'SIGKILL'})
      expect((await run("'next'")).text).toBe('next\n')
    })
  })

  onUnix('while it boots costs its task nothing', async () => {
    await withWorkforce(folder, {}, async ({start}) => {
      const {finished} = start(createTask({script: {kind: 'run', text: "'at last'"}}))
      process.kill(await pidOfWorker(), 'SIGKILL')
      expect(await finished).toMatchObject({end: {reason: 'exited', exitCode: 0}, text: 'at last\n'})
    })
  })
})

describe('ending a task', () => {
  onUnix('lets it clean up', async () => {
    await withWorkforce(folder, {}, async ({start}) => {
      const text = "try { [Console]::WriteLine('in'); Start-Sleep -Seconds 600 } finally { [Console]::WriteLine('cleaned up') }"
      const {running, started, finished} = start(createTask({script: {kind: 'run', text}}))
      await started
      running.end()
      expect((await finished).text).toMatch(/^(?:in\ncleaned up\n)?$/)
    })
  })

  onUnix.each([
    ['a native command', 'sleep 600'],
    ['a native command that ignores signals', `sh -c 'trap "" INT TERM; touch "$READY"; while :; do sleep 600; done'`],
    ['a grandchild that left its group', `setsid sh -c 'touch "$READY"; exec sleep 600'`],
    ['.NET code', '[IO.File]::WriteAllText($env:READY, ""); [Threading.Thread]::Sleep(600000)']
  ])('ends %s', async (name, text) => {
    const ready = path.join(folder, `ready ${name}`)
    const own = env({READY: ready})
    await withWorkforce(folder, {}, async ({start}) => {
      const {running, started, finished} = start(createTask({script: {kind: 'run', text}, ...own}))
      await started
      if (text.includes('READY')) await until('it runs', () => existsSync(ready))
      running.end()
      await finished
      const left = await processControl.listProcesses(`READY=${ready}`)
      expect(left.filter(({isMarked}) => isMarked)).toEqual([])
    })
  })

  test('that has not begun ends its worker', async () => {
    await withWorkforce(folder, {}, async ({start}) => {
      const {running, finished} = start(createTask())
      running.kill()
      expect((await finished).text).toBe('')
    })
  })
})

describe('what a task leaves running', () => {
  const leave = "$null = Start-Process -FilePath sleep -ArgumentList '300' -PassThru"
  const isRunning = (name: string) => async () => (await processControl.listProcesses(`LEFT=${name}`)).filter(({isMarked}) => isMarked)

  onUnix('is named and lives on', async () => {
    await withWorkforce(folder, {}, async ({run}) => {
      const {left, end} = await run(leave, env({LEFT: 'kept'}))
      expect(end).toEqual({reason: 'exited', exitCode: 0})
      expect(left.map(({name}) => name)).toEqual(['sleep'])
      const [still] = await isRunning('kept')()
      expect(still?.pid).toBe(left[0]?.pid)
      if (still !== undefined) process.kill(still.pid, 'SIGKILL')
    })
  })

  onUnix('is ended with leftovers: end', async () => {
    await withWorkforce(folder, {leftovers: 'end'}, async ({run}) => {
      const {left} = await run(leave, env({LEFT: 'ended'}))
      expect(left.map(({name}) => name)).toEqual(['sleep'])
      expect(await isRunning('ended')()).toEqual([])
    })
  })
})
