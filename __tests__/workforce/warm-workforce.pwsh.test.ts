import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import type {OutputListener} from '../../src/model/output-listener.ts'
import {processControl} from '../../src/process/process-control.ts'
import {removePath} from '../../src/system/remove-path.ts'
import type {WarmIsolation} from '../../src/worker/worker-command.ts'
import {settled} from '../support/commanded-attempts.ts'
import {createLock, createTask} from '../support/create-task.ts'
import {powershellAtHand} from '../support/powershell.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {until} from '../support/until.ts'
import {sharedWorkforce, type TestWorkforce, withWorkforce} from '../support/workforce.ts'

const folder = temporaryFolder()
const onUnix = process.platform === 'win32' ? test.skip : test
const env = (variables: Record<string, string | null>) => ({env: new Map(Object.entries(variables))})
const isolations: readonly WarmIsolation[] = ['runspace', 'none']

/** What cannot be removed: as on Windows, where what a process has open or loaded cannot be while it lives. */
const held = new Set<string>()
/** For the tests that do not need a workforce of their own: there is a worker at each isolation for as many of them as leave it fit. */
const atHand = sharedWorkforce(folder, {removePath: async file => !held.has(file) && removePath(file)})

/** Runs script texts one after another, and tells what each printed. */
async function texts({run}: TestWorkforce, isolation: WarmIsolation, ...scripts: readonly string[]): Promise<string[]> {
  const printed: string[] = []
  for (const script of scripts) printed.push((await run(script, {isolation})).text)
  return printed
}

describe.each(isolations)('tasks at isolation %s', isolation => {
  const warm = (overrides: Parameters<typeof createTask>[0] = {}) => ({isolation, ...overrides})

  test('take their turns at one process', async () => {
    const test = await atHand()
    const [first, second, third] = await texts(test, isolation, '$PID', '$PID; exit 3', 'throw "no"; $PID')
    expect(second).toBe(first)
    expect(third).toMatch(/no/)
    expect(test.retired).toEqual([])
  })

  onUnix('stay at it where `shell` names a script that starts PowerShell and waits for it', async () => {
    const powershell = await powershellAtHand()
    const command = path.join(folder, `wrapper of ${isolation}`)
    const start = [powershell.command, ...powershell.leadingArguments].map(part => `'${part}'`).join(' ')
    writeFileSync(command, `#!/bin/sh\n${start} "$@"\nexit $?\n`, {mode: 0o755})
    const wrapped = {...powershell, command, leadingArguments: []}
    await withWorkforce(folder, {powershells: new Map([['pwsh', wrapped]])}, async test => {
      const [first, second, third] = await texts(test, isolation, '$PID', '$PID', '/bin/echo native; $PID')
      expect([second, third]).toEqual([first, `native\n${first}`])
      expect(test.retired).toEqual([])
      const {left} = await test.run('Start-Process sleep 600', warm())
      expect(left.map(({name}) => name)).toEqual(['sleep'])
    })
  })

  test('end with their true exit codes', async () => {
    const {run} = await atHand()
    const codes: unknown[] = []
    for (const script of ['exit 42', "throw 'x'", "'fine'", 'Write-Error x', 'if (', '& { exit 7 }; exit 8', '$Host.SetShouldExit(5)']) {
      const {end} = await run(script, warm())
      codes.push(end.reason === 'exited' ? end.exitCode : end)
    }
    expect(codes).toEqual([42, 1, 0, 1, 1, 7, 5])
  })

  test.each(['temp', 'files'])(
    'leave a folder that cannot be emptied (%s): the worker is replaced, and nothing else happens',
    async part => {
      const test = await atHand()
      const script = `[IO.File]::AppendAllText("$env:PWSH_POOL_TEMP/a", 'x'); [IO.File]::AppendAllText($env:GITHUB_OUTPUT, "a=1\`n")
      "$PID $([IO.Path]::GetDirectoryName($env:PWSH_POOL_TEMP))"`
      const first = await test.run(script, warm())
      const [, workerFolder = ''] = first.text.trim().split(' ')
      const again = await test.run(script, warm())
      expect(again.text).toBe(first.text)
      held.add(path.join(workerFolder, part))
      const last = await test.run(script, warm())
      expect(last).toMatchObject({text: first.text, end: {reason: 'exited', exitCode: 0}})
      expect(test.retired).toEqual(['not-tidied'])
      held.clear()
      const next = await test.run(script, warm())
      expect(next.end).toEqual({reason: 'exited', exitCode: 0})
      expect(next.text).not.toBe(first.text)
      expect(Object.fromEntries(next.changes.outputs)).toEqual({a: '1'})
      await until('the folder is gone with its worker', () => !existsSync(workerFolder))
    }
  )

  test('are handed their parameters, their files, their own folder and their slots of locks', async () => {
    const {run} = await atHand()
    const script = `param([int] $A)
      "$($A + 1) $env:PWSH_POOL_TASK $(@([IO.Directory]::GetFileSystemEntries($env:PWSH_POOL_TEMP)).Count) lock $env:PWSH_POOL_LOCK_GRAPH."
      [IO.File]::WriteAllText("$env:PWSH_POOL_TEMP/left", 'x')
      [IO.File]::AppendAllText($env:GITHUB_OUTPUT, "number=$A\`n")`
    for (const number of [1n, 2n]) {
      const locks = number === 1n ? [createLock('graph')] : []
      const {text, changes} = await run(script, warm({locks, parameters: new Map([['A', number]])}))
      expect(text).toBe(`${number + 1n} task_0 0 lock ${number === 1n ? '0' : ''}.\n`)
      expect(Object.fromEntries(changes.outputs)).toEqual({number: String(number)})
    }
    expect((await run("'nothing to tell'", warm())).changes.outputs.size).toBe(0)
  })

  test('may end their process, and the next one finds another', async () => {
    const {run} = await atHand()
    expect((await run('[Console]::Write("last words"); [Environment]::Exit(9)', warm())).end).toEqual({reason: 'exited', exitCode: 9})
    expect((await run("'next'", warm())).text).toBe('next\n')
  })

  onUnix('may be killed, and the next one finds another', async () => {
    const {run, start} = await atHand()
    const pidFile = path.join(folder, `pid of ${isolation}`)
    const text = '[IO.File]::WriteAllText("$env:PID_FILE.new", $PID); [IO.File]::Move("$env:PID_FILE.new", $env:PID_FILE); Start-Sleep 600'
    const {finished} = start(createTask({...warm(), ...env({PID_FILE: pidFile}), script: {kind: 'run', text}}))
    await until('it runs', () => existsSync(pidFile))
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL')
    expect((await finished).end).toEqual({reason: 'killed', signal: 'SIGKILL'})
    expect((await run("'next'", warm())).text).toBe('next\n')
  })

  onUnix('are let clean up when they are ended, with all that they started', async () => {
    const ready = path.join(folder, `ready-${isolation}`)
    const {run, start} = await atHand()
    const text = `try { [IO.File]::WriteAllText($env:READY, ''); Start-Sleep 600 } finally { [Console]::WriteLine('cleaned up') }`
    const {running, finished} = start(createTask({...warm(), ...env({READY: ready}), script: {kind: 'run', text}}))
    await until('it runs', () => existsSync(ready))
    running.end()
    expect((await finished).text).toBe('cleaned up\n')
    expect((await run("'next'", warm())).text).toBe('next\n')
  })

  onUnix.each([
    ['a native command that ignores signals', `sh -c 'trap "" INT TERM; touch "$READY"; while :; do sleep 600; done'`],
    ['a grandchild that left its group', `setsid sh -c 'touch "$READY"; exec sleep 600'`],
    ['.NET code', '[IO.File]::WriteAllText($env:READY, ""); [Threading.Thread]::Sleep(600000)']
  ])('are ended with %s', async (name, text) => {
    const ready = path.join(folder, `ready ${isolation} ${name}`)
    const {start} = await atHand()
    const {running, finished} = start(createTask({...warm(), ...env({READY: ready}), script: {kind: 'run', text}}))
    await until('it runs', () => existsSync(ready))
    running.end()
    await finished
    expect((await processControl.listProcesses(`READY=${ready}`)).filter(({isMarked}) => isMarked)).toEqual([])
  })

  onUnix('have what their processes print shortly after them, and what lives on is ended', async () => {
    const {run, retired} = await atHand()
    expect((await run(`sh -c '(sleep 0.2; echo late) & echo first'`, warm())).text).toBe('first\nlate\n')
    expect(retired).toEqual([])
    const {text, left} = await run(`sh -c '(sleep 600; echo never) & echo first'`, warm())
    expect(text).toBe('first\n')
    expect(left.map(process => process.name)).toContain('sleep')
    expect(retired).toEqual(['left-processes'])
    expect((await run("'next'", warm())).text).toBe('next\n')
  })

  test.each([
    [
      'raw bytes without a line end',
      '$o = [Console]::OpenStandardOutput(); $o.Write([byte[]](0, 255, 10, 30, 65), 0, 5)',
      Buffer.of(0, 255, 10, 30, 65)
    ],
    [
      'a forged mark',
      '[Console]::Write("`n$([char] 0x1e)0123456789abcdef0123456789abcdef`nafter")',
      '\n\x1e0123456789abcdef0123456789abcdef\nafter'
    ],
    ['what a mark begins with, at the end', '[Console]::Write("line`n$([char] 0x1e)0$([char] 0x1e)")', 'line\n\x1e0\x1e'],
    [
      'UTF-16',
      '[Console]::OutputEncoding = [Text.UnicodeEncoding]::new($false, $false); "line"; [Console]::Write("\u1e0a$([char] 0x1e)")',
      Buffer.from(`line${os.EOL}\u1e0a\x1e`, 'utf16le')
    ],
    [
      'Latin-1',
      '[Console]::OutputEncoding = [Text.Encoding]::Latin1; [Console]::Write("\u00e4$([char] 0x1e)")',
      Buffer.from('\u00e4\x1e', 'latin1')
    ],
    ['a closed stream', "'kept'; [Console]::OpenStandardOutput().Close(); [Console]::Out.Close()", `kept${os.EOL}`]
  ])('print %s without a word of the next one', async (_, script, expected) => {
    const {run} = await atHand()
    expect((await run(script, warm())).bytes).toEqual(Buffer.from(expected))
    expect((await run("'next'", warm())).text).toBe('next\n')
  })

  test('have begun before anything of theirs is heard, whatever is read first', async () => {
    const printed = path.join(folder, `printed ${isolation}`)
    const told: string[] = []
    const listener: OutputListener = {
      isRecorded: true,
      receive: (_, chunk) => {
        told.push(chunk.toString().trim())
        return undefined
      },
      finish: async () => ({outputs: new Map()})
    }
    await withWorkforce(
      folder,
      {createListener: ({id}) => (id === 'second' ? listener : {...listener, receive: () => undefined})},
      async ({run, workforce}) => {
        await run("'first'", warm())
        const text = `'of the task'; [IO.File]::WriteAllText($env:PRINTED, '')`
        const task = createTask({
          ...warm({id: 'second', ...env({PRINTED: printed})}),
          script: {kind: 'run', text},
          workingDirectory: folder
        })
        const inherited = {changes: [], needs: undefined}
        const {completed} = workforce.start({
          task,
          number: 1,
          worker: 0,
          lockSlots: new Map(),
          inherited,
          onStarted: () => told.push('begun'),
          onOver: () => {}
        })
        await settled()
        // Nothing is read meanwhile: the mark and the output are in the pipe before the worker says on its socket that the task has begun.
        const deadline = Date.now() + 60_000
        while (!existsSync(printed) && Date.now() < deadline) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
        await completed
      }
    )
    expect(told).toEqual(['begun', 'of the task'])
  })

  test('that replace the console’s writer are the last of their process', async () => {
    const test = await atHand()
    const swap = "'before'; [Console]::SetOut([IO.StringWriter]::new()); [Console]::WriteLine('swallowed')"
    const [first, second] = await texts(test, isolation, swap, "[Console]::WriteLine('seen'); 'too'")
    expect(first).toBe('before\n')
    expect(second).toBe('seen\ntoo\n')
    expect(test.retired).toEqual(['console-replaced'])
  })

  test('after which nothing that is printed would be seen are the last of their process', async () => {
    // What it returns ends the silence when it is collected as garbage: kept as long as the process. Source: PowerShell, MshHostUserInterface.cs.
    const silence = `$method = [Management.Automation.Host.PSHostUserInterface].GetMethod('SetTranscribeOnly', [Reflection.BindingFlags] 'Instance, NonPublic')
      [AppDomain]::CurrentDomain.SetData('silence', $method.Invoke($Host.UI, @()))
      [GC]::Collect(); [GC]::WaitForPendingFinalizers()`
    const test = await atHand()
    expect((await texts(test, isolation, silence, "'seen'; Write-Host 'too'")).at(-1)).toBe('seen\ntoo\n')
    expect(test.retired).toEqual(['silenced'])
  })

  test('print a long line without losing a byte', async () => {
    const {start, run} = await atHand()
    const script = "[Console]::Write([string]::new('x', 20000000))"
    expect((await start(createTask({...warm(), script: {kind: 'run', text: script}})).finished).output.size).toBe(20_000_000)
    expect((await run("'next'", warm())).text).toBe('next\n')
  }, 60_000)

  test('change process after as many tasks as are allowed', async () => {
    await withWorkforce(folder, {maxTasksPerWorker: 2}, async test => {
      const pids = await texts(test, isolation, '$PID', '$PID', '$PID', '$PID')
      expect(new Set(pids).size).toBe(2)
      expect(pids[0]).toBe(pids[1])
      expect(test.retired).toEqual(['task-limit', 'task-limit'])
    })
  })

  test('get a process that was started with what PowerShell reads only then, and share it with those that ask for the same', async () => {
    const {run} = await atHand()
    const script = '"$PID $([TimeZoneInfo]::Local.BaseUtcOffset.TotalHours)"'
    const zone = (name: string) => run(script, warm(env({TZ: name})))
    const [tokyo, again, utc] = [await zone('Asia/Tokyo'), await zone('Asia/Tokyo'), await run(script, warm())]
    expect(again.text).toBe(tokyo.text)
    expect(utc.text).not.toBe(tokyo.text)
    if (process.platform !== 'win32') expect(tokyo.text).toMatch(/ 9$/m)
  })

  test('have their places in declared processes: never more than two beyond those that run', async () => {
    const places = `${isolation}-${process.pid}`
    await withWorkforce(folder, {maxParallel: 1, environment: {...process.env, PLACES: places}}, async ({run, workforce}) => {
      for (const zone of ['A1', 'B2', 'C3']) await run("'x'", warm(env({TZ: zone})))
      await run("'x'")
      workforce.prepare([createTask(), createTask()])
      const own = (await processControl.listProcesses(`PLACES=${places}`)).filter(
        ({parent, isMarked}) => parent === process.pid && isMarked
      )
      if (process.platform !== 'win32') expect(own.length).toBeLessThanOrEqual(3)
    })
  })

  test('leave no folder behind', async () => {
    const own = path.join(folder, `own-${isolation}`)
    mkdirSync(own)
    await withWorkforce(folder, {folder: own}, async ({run}) => {
      await run("'x'", warm())
      await run('[Environment]::Exit(0)', warm())
    })
    expect(readdirSync(own)).toEqual([])
  })

  test('whose setup fails report its own text, after three tries', async () => {
    await withWorkforce(folder, {setup: "throw 'setup is broken'"}, async ({run}) => {
      expect((await run("'never'", warm())).end).toMatchObject({reason: 'no-worker', message: expect.stringContaining('setup is broken')})
    })
  })

  test('whose module is missing report its name', async () => {
    await withWorkforce(folder, {modules: [{name: 'No.Such.Module', version: undefined}]}, async ({run}) => {
      expect((await run("'never'", warm())).end).toMatchObject({reason: 'no-worker', message: expect.stringContaining('No.Such.Module')})
    })
  })
})

/** What one task leaves behind, what the next one looks at, and what it is to find. */
const leaks: readonly (readonly [name: string, pollute: string, look: string, clean: string])[] = [
  ['a variable', '$x = 1; $global:y = 2; Set-Variable -Name z -Value 3 -Option Constant', '"[$x$y$z]"', '[]'],
  [
    'a preference',
    "$ErrorActionPreference = 'Ignore'; $VerbosePreference = 'Continue'",
    '"$ErrorActionPreference $VerbosePreference"',
    'Stop SilentlyContinue'
  ],
  [
    'a preference made read-only',
    'Set-Variable -Name VerbosePreference -Value Continue -Option ReadOnly -Force',
    '$VerbosePreference',
    'SilentlyContinue'
  ],
  [
    'a typed preference',
    "[ValidateSet('Continue', 'SilentlyContinue')] $VerbosePreference = 'Continue'",
    '$VerbosePreference = \'Ignore\'; "$VerbosePreference"',
    'Ignore'
  ],
  ['the item', "$_ = 'mine'", '"[$_]"', '[]'],
  [
    'an environment variable',
    "$env:MINE = 'x'; $env:HOME = '/nowhere'; [Environment]::SetEnvironmentVariable('PATH', $null)",
    "\"$([Environment]::GetEnvironmentVariables().Contains('MINE'))$([bool] $env:PATH)$($env:HOME -eq '/nowhere')\"",
    'FalseTrueFalse'
  ],
  ['the module path', '$env:PSModulePath = "/mine"', "[bool] ($env:PSModulePath -eq '/mine')", 'False'],
  [
    'the folder',
    "Set-Location ([IO.Path]::GetTempPath()); [Environment]::CurrentDirectory = '/'",
    '$PWD.ProviderPath -eq [Environment]::CurrentDirectory',
    'True'
  ],
  ['an exit code', 'exit 3', '"[$LASTEXITCODE] $?"', '[] True'],
  ['errors', "try { throw 'x' } catch { }", '$Error.Count', '0'],
  ['an encoding', '[Console]::OutputEncoding = [Text.Encoding]::Latin1', '[Console]::OutputEncoding.WebName', 'utf-8'],
  ['a culture', "[Threading.Thread]::CurrentThread.CurrentCulture = 'de-DE'", "(1.5).ToString('N1', [cultureinfo]::CurrentCulture)", '1.5'],
  [
    'a default culture',
    "[cultureinfo]::DefaultThreadCurrentCulture = 'de-DE'",
    '[bool] [cultureinfo]::DefaultThreadCurrentCulture',
    'False'
  ],
  [
    'the style',
    "$PSStyle.OutputRendering = 'Ansi'; $PSStyle.Formatting.Error = 'x'; $PSStyle.FileInfo.Extension['.mine'] = \"`e[1m\"",
    "\"$($PSStyle.OutputRendering -eq 'Ansi') $($PSStyle.Formatting.Error -eq 'x') $($PSStyle.FileInfo.Extension.ContainsKey('.mine'))\"",
    'False False False'
  ],
  ['strict mode', 'Set-StrictMode -Version Latest', '"[$($null.nothing)$neverSet]"', '[]'],
  ['default parameter values', "$PSDefaultParameterValues['Get-Date:Year'] = 1", '$PSDefaultParameterValues.Count', '0'],
  ['the history', '1', '@(Get-History).Count', '0'],
  ['an event subscription', "$null = Register-EngineEvent Mine -Action { 'late' }", '@(Get-EventSubscriber).Count', '0'],
  ['the stack of folders', 'Push-Location /; Push-Location /', '(Get-Location -Stack).Count', '0'],
  ['a job', '$null = Start-ThreadJob { Start-Sleep 600 }', '@(Get-Job).Count', '0'],
  ['a breakpoint', '$null = Set-PSBreakpoint -Command Get-Date', '@(Get-PSBreakpoint).Count', '0'],
  ['tracing', 'Set-PSDebug -Trace 1', "'quiet'", 'quiet'],
  ['a removed preference', 'Remove-Variable VerbosePreference -Force', '$VerbosePreference', 'SilentlyContinue']
]

describe.each(isolations)('at isolation %s, the next task does not see', isolation => {
  const seen = new Map<string, readonly (string | undefined)[]>()

  // All in one process, where what one has left behind would be in the way of the others too.
  beforeAll(async () => {
    await withWorkforce(folder, {}, async test => {
      for (const [name, pollute, look] of leaks) {
        const [, next, afterNext] = await texts(test, isolation, pollute, look, look)
        seen.set(name, [next?.trim(), afterNext?.trim()])
      }
      expect(test.retired).toEqual([])
    })
  }, 60_000)

  test.each(leaks)('%s', (name, _pollute, _look, clean) => {
    expect(seen.get(name)).toEqual([clean, clean])
  })
})

describe('what tasks share', () => {
  const module = path.join(folder, 'Counter.psm1')
  writeFileSync(module, "[Console]::WriteLine('module speaks'); $script:n = 0; function Step-Counter { ($script:n += 1) }")
  const modules = [{name: module, version: undefined}]
  const setup = "$shared = @{n = 0}; $limit = 5; function Get-Shared { $shared.n += 1; $shared.n }; 'setup speaks'"
  const script = '"$(Step-Counter) $(Get-Shared) $limit"; $limit = 9'

  test('is nothing of modules and setup at isolation runspace', async () => {
    await withWorkforce(folder, {modules, setup}, async test => {
      expect(await texts(test, 'runspace', script, script)).toEqual(['1 1 5\n', '1 1 5\n'])
      expect(test.booted.join()).toMatch(/module speaks[\s\S]*setup speaks/)
      expect(test.retired).toEqual([])
    })
  })

  test('is the state of modules and what setup made at isolation none, but not what a task made of a variable', async () => {
    await withWorkforce(folder, {modules, setup}, async test => {
      expect(await texts(test, 'none', script, script, script)).toEqual(['1 1 5\n', '2 2 5\n', '3 3 5\n'])
      expect(test.booted.join()).toMatch(/module speaks[\s\S]*setup speaks/)
      expect(test.retired).toEqual([])
    })
  })

  test('is functions at isolation none, and nothing at isolation runspace', async () => {
    const [make, look] = ['function Get-Mine { 1 }', '[bool] (Get-Command Get-Mine -ErrorAction Ignore)']
    const test = await atHand()
    expect((await texts(test, 'none', make, look))[1]).toBe('True\n')
    expect((await texts(test, 'runspace', make, look))[1]).toBe('False\n')
  })
})
