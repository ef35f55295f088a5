// Runs lists through the built action and the built command on Windows, and checks what comes out: node scripts/windows-smoke.mjs [PART OF A NAME]
// wine-smoke.mjs runs it on other machines. They are not tests of jest, as that does not load there.
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {findPwsh} from './find-pwsh.mjs'
import {root} from './set-up.mjs'

/**
 * @typedef {{name: string, status: string, exitCode: number | null, error: string | null, outputs: Record<string, string>}} TaskReport
 * @typedef {{result: string, tasks: TaskReport[]}} Report
 * @typedef {{exitCode: number | null, log: string, report: Report | undefined, output: string, environment: string, summary: string}} Run
 * @typedef {{log: () => string, interrupt: () => void, done: Promise<Run>}} StartedRun
 */

const {path: shell} = await findPwsh()
// Spaces, a quote, letters beyond ASCII, and what cmd.exe takes for a command.
const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "temp's ü & co ")))
/** How long a run may take, in milliseconds: this is when one hangs, also on a busy machine. */
const limitMs = 180_000
const isolations = ['process', 'runspace', 'none']
/** Natives, for scripts: by their paths, as Wine does not find them by their names. */
process.env.SMOKE_NODE = process.execPath
const node = '& $env:SMOKE_NODE -e'
const cmd = '& $env:SystemRoot\\System32\\cmd.exe /d /c'

/** @type {[string, () => Promise<void>][]} */
const cases = [
  [
    'true exit codes',
    () =>
      eachIsolation(async isolation => {
        const tasks = list(
          {name: 'fine', run: "'fine'"},
          {name: 'three', run: 'exit 3'},
          {name: 'minus one', run: 'exit -1'},
          {name: 'native', run: `${cmd} 'exit 7'`},
          {name: 'access violation', run: `${cmd} 'exit -1073741819'`},
          {name: 'thrown', run: "throw 'with words'"},
          {name: 'ends its process', run: '[Environment]::Exit(5)'},
          {name: 'after all', run: "'after all'"}
        )
        const run = await action({tasks, isolation, 'max-parallel': '2'})
        assert.deepEqual(codesOf(run), {
          fine: 0,
          three: 3,
          'minus one': -1,
          native: 7,
          'access violation': -1073741819,
          thrown: 1,
          'ends its process': 5,
          'after all': 0
        })
        assert.equal(run.exitCode, 1)
        includes(run.log, 'with words')
      })
  ],
  [
    'what natives print belongs to their task, on both streams',
    () =>
      eachIsolation(async isolation => {
        const names = ['anna', 'bert', 'carl', 'dora']
        const print = `${node} 'console.log(process.env.WHO + \` prints\`); console.error(process.env.WHO + \` complains\`)'`
        const tasks = list(...names.map(name => ({name, env: {WHO: name}, run: `"$env:WHO begins"; ${print}`})))
        const run = await action({tasks, isolation, 'max-parallel': '4'})
        succeeded(run)
        for (const name of names) {
          const said = blockOf(run.log, name).match(/^\w+ (?:begins|prints|complains)$/gm)
          assert.deepEqual(said?.sort(), [`${name} begins`, `${name} complains`, `${name} prints`], run.log)
        }
      })
  ],
  [
    'a time limit ends a task, and what comes next runs',
    () =>
      eachIsolation(async isolation => {
        const tasks = list(
          {name: 'slow', run: "'slow begins'; Start-Sleep 600", timeout: '5s'},
          {name: 'native', run: `${node} 'setTimeout(() => {}, 600000)'`, timeout: '5s'},
          {name: 'next', run: "'next'"}
        )
        const run = await action({tasks, isolation, 'max-parallel': '1'})
        assert.deepEqual(statusesOf(run), {slow: 'timed-out', native: 'timed-out', next: 'success'}, run.log)
      })
  ],
  [
    'a cancel as the runner sends it ends all, and what the run knows is written',
    () =>
      eachIsolation(async isolation => {
        const tasks = list(
          {name: 'quick', run: "Add-Content $env:GITHUB_OUTPUT 'made=yes'"},
          {name: 'long', run: "'long has begun'; Start-Sleep 600"},
          {name: 'never', run: "'never'"}
        )
        const run = await interrupted(await startAction({tasks, isolation, log: 'live', 'max-parallel': '1'}), 'long has begun', 1)
        assert.deepEqual(statusesOf(run), {quick: 'success', long: 'cancelled', never: 'skipped'}, run.log)
        includes(run.output, 'made')
        includes(run.summary, 'long')
        assert.notEqual(run.exitCode, 0)
      })
  ],
  [
    'Ctrl-C ends the command with 130, and so does a second one',
    async () => {
      const file = fileOf('long.yml', list({name: 'long', run: "'long has begun'; Start-Sleep 600"}))
      for (const times of [1, 2]) {
        const run = await interrupted(await startCommand([file, '--log', 'live']), 'long has begun', times)
        assert.equal(run.exitCode, 130, run.log)
      }
    }
  ],
  [
    'files for the runner with marks and any line ends',
    () =>
      eachIsolation(async isolation => {
        const tasks = list(
          {
            name: 'appends',
            id: 'first',
            run: `
              Add-Content $env:GITHUB_OUTPUT 'plain=ä'
              "lines<<END\`r\`none\`r\`ntwo\`r\`nEND" >> $env:GITHUB_OUTPUT
              Add-Content $env:GITHUB_ENV 'STAGE=tést'`
          },
          {
            name: 'writes marks',
            run: `
              [IO.File]::WriteAllText($env:GITHUB_OUTPUT, "marked=yes\`r\`n", [Text.UTF8Encoding]::new($true))
              '# Ü' | Out-File $env:GITHUB_STEP_SUMMARY -Encoding utf8BOM`
          },
          {name: 'native', run: `${cmd} 'echo shell=cmd>>"%GITHUB_OUTPUT%"'`},
          {name: 'needs', needs: 'first', run: "'it sees ' + $needs.first.outputs.plain + ' ' + $env:STAGE"}
        )
        const run = await action({tasks, isolation, 'max-parallel': '2'})
        succeeded(run)
        assert.deepEqual(
          tasksOf(run).map(({outputs}) => outputs),
          [{plain: 'ä', lines: 'one\r\ntwo'}, {marked: 'yes'}, {shell: 'cmd'}, {}]
        )
        includes(run.log, 'it sees ä tést')
        includes(run.environment, 'tést')
        includes(run.summary, '# Ü')
      })
  ],
  [
    'a file of a task that stays open spoils nothing for others',
    () =>
      eachIsolation(async isolation => {
        const keepOpen = (/** @type {string} */ file, /** @type {string} */ share) =>
          `[AppDomain]::CurrentDomain.SetData('open', [IO.File]::Open(${file}, 'Append', 'Write', '${share}'))`
        const tasks = list(
          {name: 'keeps a file open', run: keepOpen('"$env:PWSH_POOL_TEMP\\open"', 'None')},
          {name: 'keeps its outputs open', run: keepOpen('$env:GITHUB_OUTPUT', 'ReadWrite')},
          {name: 'next', run: "'files: ' + @(Get-ChildItem $env:PWSH_POOL_TEMP).Count; Add-Content $env:GITHUB_OUTPUT 'next=yes'"},
          {name: 'last', run: "'last'"}
        )
        const run = await action({tasks, isolation, 'max-parallel': '1'})
        succeeded(run)
        includes(run.log, 'files: 0')
        assert.deepEqual(tasksOf(run)[2]?.outputs, {next: 'yes'})
      })
  ],
  [
    'several workers at a time leave nothing to the next task',
    () =>
      eachIsolation(async isolation => {
        const tasks = list({
          name: 'task',
          foreach: Array.from({length: 16}, (_, index) => index),
          run: `
            "number $_, left: [$left] [$env:LEFT] [$(Get-Location)]"
            $left = $_
            $env:LEFT = $_
            Set-Location C:\\
            [Console]::OutputEncoding = [Text.Encoding]::Latin1`
        })
        const run = await action({tasks, isolation, 'max-parallel': '8', 'min-parallel': '8'})
        succeeded(run)
        for (let index = 0; index < 16; index++) includes(run.log, `number ${index}, left: [] [] [${folder}]`)
      })
  ],
  [
    'text of any script passes out, in, and through natives',
    () =>
      eachIsolation(async isolation => {
        const print = `${node} 'console.log(String.fromCodePoint(0xe4, 0x20ac, 0x1f600))'`
        const tasks = list(
          {name: 'out', run: "'out ä€😀日本'; Write-Warning 'warned ü'"},
          {name: 'native', run: print},
          {name: 'piped', run: `'ä€😀' | ${node} 'process.stdin.on(\`data\`, data => console.log(\`in \` + data.toString().trim()))'`},
          {name: 'read', run: `$read = ${print}; "read $($read.Length) $read"`},
          {name: 'inner', run: `'ä€' | & (Get-Process -Id $PID).Path -NoProfile -Command '"inner $input"'`}
        )
        const run = await action({tasks, isolation, 'max-parallel': '2'})
        succeeded(run)
        for (const text of ['out ä€😀日本', 'warned ü', 'in ä€😀', 'read 4 ä€😀', 'inner ä€']) includes(run.log, text)
        includes(blockOf(run.log, 'native'), '\nä€😀')
      })
  ],
  [
    'lists and scripts with marks, Windows line ends, UTF-16, and paths with any separator',
    async () => {
      const workspace = path.join(folder, 'wörk [1]')
      const scripts = path.join(workspace, 'sub folder')
      mkdirSync(scripts, {recursive: true})
      const script = "param($Name)\r\n'hello ' + $Name + ' from ' + (Split-Path -Leaf $PSScriptRoot)\r\n"
      writeFileSync(path.join(scripts, 'über uns.ps1'), `\ufeff${script}`)
      writeFileSync(path.join(scripts, 'two.PS1'), Buffer.from(`\ufeff${script}`, 'utf16le'))
      const text = [
        '- {file: "sub folder\\\\über uns.ps1", parameters: {Name: "ä\'s"}}',
        "- {name: all, file: 'SUB FOLDER/*.ps1', parameters: {Name: all}}",
        `- {file: ${JSON.stringify(path.join(scripts, 'two.PS1'))}, parameters: {Name: absolute}}`,
        "- {name: elsewhere, working-directory: '.\\sub folder', run: Split-Path -Leaf (Get-Location)}"
      ].join('\r\n')
      const lists = {
        'crlf.yml': Buffer.from(text),
        'bom.yml': Buffer.from(`\ufeff${text}`),
        'utf16.yml': Buffer.from(`\ufeff${text}`, 'utf16le')
      }
      for (const [name, bytes] of Object.entries(lists)) {
        writeFileSync(path.join(workspace, name), bytes)
        const run = await action({'tasks-file': name}, {workspace})
        succeeded(run)
        for (const who of ["ä's", 'all', 'absolute']) includes(run.log.toLowerCase(), `hello ${who} from sub folder`)
        includes(blockOf(run.log, 'elsewhere'), '\nsub folder')
      }
    }
  ],
  [
    'modules and setup',
    () =>
      eachIsolation(async isolation => {
        const module = path.join(folder, 'mödule', 'mödule.psm1')
        mkdirSync(path.dirname(module), {recursive: true})
        writeFileSync(module, '\ufefffunction Get-Greeting { "grüße" }\r\n')
        const setup = "function Get-Setup { 'sétup' }\r\n'setup speaks'"
        const run = await action({tasks: 'Get-Greeting\nGet-Setup\nGet-Greeting; Get-Setup', modules: module, setup, isolation})
        succeeded(run)
        for (const text of ['grüße', 'sétup', 'setup speaks']) includes(run.log, text)
      })
  ],
  [
    'a list that a script makes',
    async () => {
      const run = await action({'tasks-script': '1..3 | ForEach-Object { @{name = "mäde $_"; run = "\'says $_\'"} }'})
      assert.deepEqual(codesOf(run), {'mäde 1': 0, 'mäde 2': 0, 'mäde 3': 0})
    }
  ],
  [
    'variables are the same in any spelling',
    () =>
      eachIsolation(async isolation => {
        const tasks = list(
          {
            name: 'set',
            env: {path: 'C:\\here'},
            run: "'path is ' + $env:PATH + ' ' + @(Get-ChildItem env: | Where-Object Name -eq path).Count"
          },
          {name: 'removed', env: {WinDir: null}, run: "'removed: [' + $env:WINDIR + ']'"},
          {name: 'as before', run: "'before: ' + $env:windir + ' ' + $env:Path.Length"}
        )
        const run = await action({tasks, isolation, 'max-parallel': '1'})
        succeeded(run)
        for (const text of ['C:\\here 1', 'removed: []', `before: ${process.env.WINDIR} `]) includes(run.log, text)
      })
  ],
  [
    'values reach a script as they are',
    async () => {
      const Value = 'it\'s "quoted" $(bad) `tick` %PATH% ^ & | ä'
      const run = await action({
        tasks: list({name: 'values', run: 'param($Value, [switch] $Loud) "<$Value> $Loud"', parameters: {Value, Loud: true}})
      })
      includes(run.log, `<${Value}> True`)
    }
  ],
  [
    'the command writes its reports and logs',
    async () => {
      const file = fileOf('reports.yml', list({name: 'a: b?', run: "'in the log ä'"}, {name: 'fails', run: 'exit 4'}))
      const reports = mkdtempSync(path.join(folder, 'reports '))
      const [junit, summary, logs] = [path.join(reports, 'j.xml'), path.join(reports, 's.md'), path.join(reports, 'logs')]
      const run = await (await startCommand([file, '--junit-report', junit, '--summary', summary, '--logs', logs])).done
      assert.equal(run.exitCode, 1)
      includes(readFileSync(junit, 'utf8'), '<testsuite')
      includes(readFileSync(summary, 'utf8'), 'fails')
      const texts = readdirSync(logs).map(name => readFileSync(path.join(logs, name), 'utf8'))
      assert.equal(texts.length, 2)
      includes(texts.join(''), 'in the log ä')
    }
  ],
  [
    'nothing is left in the temporary folder',
    () =>
      eachIsolation(async isolation => {
        const temporary = mkdtempSync(path.join(folder, 'left '))
        const tasks = 'Set-Content $env:PWSH_POOL_TEMP\\ä.txt x\nNew-Item -ItemType Directory "$env:PWSH_POOL_TEMP\\ü" | Out-Null'
        succeeded(await action({tasks, isolation}, {temporary}))
        // The report is to be read by later steps.
        const left = readdirSync(temporary, {recursive: true, encoding: 'utf8'}).filter(
          name => !/^(?:step-.*|pwsh-pool-\w+(?:\\report\.json)?)$/.test(name)
        )
        assert.deepEqual(left, [])
      })
  ]
]

/** @param {(isolation: string) => Promise<void>} check */
async function eachIsolation(check) {
  for (const isolation of isolations) {
    try {
      await check(isolation)
    } catch (error) {
      throw new Error(`at isolation ${isolation}: ${/** @type {Error} */ (error).message}`)
    }
  }
}

/**
 * Starts the built action as the runner does.
 * @param {Record<string, string>} inputs
 * @param {{workspace?: string, temporary?: string}} where absolute
 * @returns {Promise<StartedRun>}
 */
async function startAction(inputs, {workspace = folder, temporary = folder} = {}, mayBeInterrupted = true) {
  const step = mkdtempSync(path.join(temporary, 'step-'))
  const file = (/** @type {string} */ name) => {
    const made = path.join(step, name)
    writeFileSync(made, '')
    return made
  }
  const files = {
    GITHUB_OUTPUT: file('output'),
    GITHUB_ENV: file('env'),
    GITHUB_PATH: file('path'),
    GITHUB_STATE: file('state'),
    GITHUB_STEP_SUMMARY: file('summary')
  }
  const report = path.join(step, 'report.json')
  const given = Object.entries({shell, timeout: '2m', 'json-report': report, ...inputs})
  const env = {
    ...process.env,
    ...Object.fromEntries(given.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    ...files,
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: temporary
  }
  return start([path.join(root, 'dist', 'index.js')], env, workspace, step, report, files, mayBeInterrupted)
}

/**
 * As `startAction`, to its end.
 * @param {Record<string, string>} inputs
 * @param {{workspace?: string, temporary?: string}} where absolute
 */
async function action(inputs, where = {}) {
  return (await startAction(inputs, where, false)).done
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<StartedRun>}
 */
async function startCommand(args) {
  const step = mkdtempSync(path.join(folder, 'command-'))
  const report = path.join(step, 'report.json')
  return start(
    [path.join(root, 'dist', 'cli.js'), '--shell', shell, '--json-report', report, ...args],
    process.env,
    folder,
    step,
    report,
    {},
    true
  )
}

/**
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {string} cwd
 * @param {string} step on which Ctrl-C is sent
 * @param {string} report
 * @param {Record<string, string>} files
 * @param {boolean} mayBeInterrupted
 * @returns {StartedRun}
 */
function start(args, env, cwd, step, report, files, mayBeInterrupted) {
  // Wine's PowerShell does not live long where it waits in a loop, so it stands between only where Ctrl-C is to be sent.
  const command = mayBeInterrupted ? [shell, '-NoProfile', '-NonInteractive', '-Command', interruptibleNode] : [process.execPath, ...args]
  // Hidden, it has a console of its own, without which PowerShell prints nothing under Wine; and Ctrl-C then reaches no other process.
  const child = spawn(/** @type {string} */ (command[0]), command.slice(1), {
    cwd,
    env: {...env, SMOKE_ARGUMENTS: JSON.stringify(args), SMOKE_STEP: step},
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', text => {
      log += text
    })
  let interrupts = 0
  const read = (/** @type {string | undefined} */ file) => (file !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : '')
  const done = new Promise((resolve, reject) => {
    const limit = setTimeout(() => {
      child.kill()
      reject(new Error(`it has not ended after ${limitMs / 1000} s:\n${log}`))
    }, limitMs)
    child.once('error', reject)
    child.once('close', exitCode => {
      clearTimeout(limit)
      resolve({
        exitCode,
        log,
        report: existsSync(report) ? JSON.parse(read(report)) : undefined,
        output: read(files.GITHUB_OUTPUT),
        environment: read(files.GITHUB_ENV),
        summary: read(files.GITHUB_STEP_SUMMARY)
      })
    })
  })
  return {done, log: () => log, interrupt: () => writeFileSync(path.join(step, `interrupt-${++interrupts}`), '')}
}

/**
 * Sends Ctrl-C once a run has printed something, as often as is said, and waits for its end.
 * @param {StartedRun} run
 * @param {string} text
 * @param {number} times
 */
async function interrupted(run, text, times) {
  let isOver = false
  void run.done.then(() => {
    isOver = true
  })
  while (!run.log().includes(text)) {
    assert.ok(!isOver, `it was over before it printed "${text}":\n${run.log()}`)
    await sleep(50)
  }
  for (let sent = 0; sent < times && !isOver; sent++) run.interrupt()
  return run.done
}

/**
 * A script that starts Node in its own console and sends Ctrl-C to all of that console, as the runner does, on request.
 * Source: actions/runner, src/Runner.Sdk/ProcessInvoker.cs, SendSignal. Wine cannot attach to the console of another process, so the sender is there first.
 */
const interruptibleNode = `
  $native = Add-Type -PassThru -Name Native -Namespace Smoke -MemberDefinition '
    [DllImport("kernel32.dll")] public static extern bool SetConsoleCtrlHandler(System.IntPtr handler, bool add);
    [DllImport("kernel32.dll")] public static extern bool GenerateConsoleCtrlEvent(int signal, int group);'
  $start = [Diagnostics.ProcessStartInfo]::new($env:SMOKE_NODE)
  foreach ($argument in $env:SMOKE_ARGUMENTS | ConvertFrom-Json) { $start.ArgumentList.Add($argument) }
  $started = [Diagnostics.Process]::Start($start)
  $null = $native::SetConsoleCtrlHandler([IntPtr]::Zero, $true)
  for ($next = 1; -not $started.HasExited; Start-Sleep -Milliseconds 50) {
    if (-not (Test-Path -LiteralPath "$env:SMOKE_STEP\\interrupt-$next")) { continue }
    $next++
    if (-not $native::GenerateConsoleCtrlEvent(0, 0)) { $started.Kill(); throw 'Ctrl-C could not be sent' }
  }
  exit $started.ExitCode`

/**
 * A list in JSON, in which a backslash and quotes of any kind need no thought.
 * @param {object[]} entries
 */
function list(...entries) {
  return JSON.stringify(entries)
}

/**
 * @param {string} name
 * @param {string} text
 */
function fileOf(name, text) {
  const file = path.join(folder, name)
  writeFileSync(file, text)
  return file
}

/** @param {Run} run */
function tasksOf({report, log}) {
  assert.ok(report !== undefined, `there is no report:\n${log}`)
  return report.tasks
}

const codesOf = (/** @type {Run} */ run) => Object.fromEntries(tasksOf(run).map(({name, exitCode}) => [name, exitCode]))
const statusesOf = (/** @type {Run} */ run) => Object.fromEntries(tasksOf(run).map(({name, status}) => [name, status]))

/** @param {Run} run */
function succeeded(run) {
  const failed = tasksOf(run).filter(({status}) => status !== 'success')
  assert.deepEqual(
    failed.map(({name, error}) => `${name}: ${error}`),
    [],
    run.log
  )
  assert.equal(run.exitCode, 0, run.log)
}

/**
 * @param {string} text
 * @param {string} part
 */
function includes(text, part) {
  assert.ok(text.includes(part), `"${part}" is not in:\n${text}`)
}

/**
 * What the log shows as printed by a task.
 * @param {string} log
 * @param {string} name
 */
function blockOf(log, name) {
  const block = log.split('::group::').find(part => part.split('\n', 1)[0]?.includes(`${name} `) || part.split('\n', 1)[0]?.endsWith(name))
  assert.ok(block !== undefined, `there is no block of ${name}:\n${log}`)
  return block.split('::endgroup::', 1)[0] ?? ''
}

const wanted = process.argv.slice(2)
const chosen = cases.filter(([name]) => wanted.length === 0 || wanted.some(part => name.includes(part)))
let failures = 0
for (const [name, check] of chosen) {
  const startedAt = performance.now()
  const result = await check().then(
    () => undefined,
    (/** @type {Error} */ error) => error
  )
  if (result !== undefined) failures++
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(`${result === undefined ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)${result === undefined ? '' : `\n${result.message}`}`)
}
try {
  rmSync(folder, {recursive: true, force: true, maxRetries: 5})
} catch {}
console.log(`${chosen.length - failures} passed, ${failures} failed`)
process.exitCode = failures === 0 && chosen.length > 0 ? 0 : 1
