// Many short tasks in warm workers, against what PowerShell itself offers for them: the same files, which are what a `shell: pwsh` step would run,
// the same number at a time.
// node bench/peers.mjs [ROUNDS]. Times the whole command, starts of PowerShell included.
import {spawnSync} from 'node:child_process'
import {rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {findPwsh} from '../scripts/find-pwsh.mjs'
import {benchFolder} from './bench-folder.mjs'
import {checkedRun, comparison, runPool} from './contenders.mjs'
import {rounds} from './rounds.mjs'

const tasks = 500
/** Start-Job is so slow that a few tasks are enough to tell. */
const fewTasks = 20
const atATime = 2
const {path: pwsh} = await findPwsh()
const folder = benchFolder()
const texts = Array.from({length: tasks}, (_, i) => `'task ${i}'`)
for (const [i, text] of texts.entries()) {
  const step = `$ErrorActionPreference = 'stop'\n${text}\nif ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }`
  writeFileSync(path.join(folder, `${i}.ps1`), step)
}

/** PowerShell that runs the files `$files`, a few at a time. */
const scripts = {
  'ForEach-Object -Parallel': `$files | ForEach-Object -ThrottleLimit ${atATime} -Parallel { . $_ }`,
  'ForEach-Object -Parallel -UseNewRunspace': `$files | ForEach-Object -ThrottleLimit ${atATime} -UseNewRunspace -Parallel { . $_ }`,
  'Start-ThreadJob': `$files | ForEach-Object { Start-ThreadJob -ThrottleLimit ${atATime} -FilePath $_ } | Receive-Job -Wait -AutoRemoveJob`,
  RunspacePool: `
    $pool = [runspacefactory]::CreateRunspacePool(1, ${atATime}, [initialsessionstate]::CreateDefault(), $Host)
    $pool.Open()
    $calls = foreach ($file in $files) {
      $shell = [powershell]::Create().AddScript(". '$file'")
      $shell.RunspacePool = $pool
      @{Shell = $shell; Result = $shell.BeginInvoke()}
    }
    foreach ($call in $calls) { $call.Shell.EndInvoke($call.Result); $call.Shell.Dispose() }`,
  'RunspacePool, output as text, errors, and whether it failed': `
    $pool = [runspacefactory]::CreateRunspacePool(1, ${atATime}, [initialsessionstate]::CreateDefault(), $Host)
    $pool.Open()
    $calls = foreach ($file in $files) {
      $shell = [powershell]::Create().AddScript(". '$file'").AddCommand('Out-String')
      $shell.RunspacePool = $pool
      @{Shell = $shell; Result = $shell.BeginInvoke()}
    }
    foreach ($call in $calls) {
      $failed = $false
      try { $text = -join $call.Shell.EndInvoke($call.Result) } catch { $text = "$_"; $failed = $true }
      [Console]::Out.Write($text)
      foreach ($record in $call.Shell.Streams.Error) { [Console]::Error.WriteLine($record) }
      if ($failed -or $call.Shell.HadErrors) { $failures++ }
      $call.Shell.Dispose()
    }`,
  'Start-Job': `
    $running = [System.Collections.Generic.List[object]]::new()
    foreach ($file in $files) {
      if ($running.Count -ge ${atATime}) { $done = $running | Wait-Job -Any; Receive-Job $done; $null = $running.Remove($done); Remove-Job $done }
      $running.Add((Start-Job -FilePath $file))
    }
    $running | Receive-Job -Wait -AutoRemoveJob`
}

/** @param {string} script @param {number} count */
const peer = (script, count) => () =>
  checkedRun(
    pwsh,
    ['-NoProfile', '-NonInteractive', '-Command', `$files = 0..${count - 1} | ForEach-Object { "${folder}/$_.ps1" }\n${script}`],
    {},
    count
  )

/** @param {string} isolation */
const pool = isolation => () =>
  runPool(
    texts.map((run, i) => ({name: `task number ${i}`, run})),
    {'max-parallel': String(atATime), isolation, shell: pwsh, summary: 'none'},
    folder,
    tasks
  )

const counts = {...Object.fromEntries(Object.keys(scripts).map(name => [name, tasks])), 'Start-Job': fewTasks}
const contenders = Object.fromEntries(
  Object.entries(scripts).map(([name, script]) => [name, peer(script, counts[/** @type {keyof counts} */ (name)] ?? tasks)])
)

try {
  const measured = rounds(
    {'isolation: thread': pool('thread'), 'isolation: none': pool('none'), 'isolation: runspace': pool('runspace'), ...contenders},
    Number(process.argv[2] ?? 5)
  )
  const version = String(spawnSync(pwsh, ['-Version'], {encoding: 'utf8'}).stdout).trim()
  console.log(`${tasks} no-op tasks, ${atATime} at a time, ${version}, medians; Start-Job with ${fewTasks} tasks`)
  console.log(
    comparison(measured, ['ForEach-Object -Parallel', 'RunspacePool'], name => counts[/** @type {keyof counts} */ (name)] ?? tasks)
  )
} finally {
  rmSync(folder, {recursive: true, force: true})
}
