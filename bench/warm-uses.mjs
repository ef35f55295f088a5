// What warm workers are for: tasks that wait, more at a time than there are processors, and tasks that all use one module.
// node bench/warm-uses.mjs [ROUNDS] [waits | Pester]; both without a second argument. Times the whole command, starts of PowerShell included.
import {spawnSync} from 'node:child_process'
import {rmSync} from 'node:fs'
import path from 'node:path'
import {findPwsh} from '../scripts/find-pwsh.mjs'
import {installedPester} from '../scripts/pwsh/install-pwsh.mjs'
import {benchFolder} from './bench-folder.mjs'
import {checkedRun, comparison, runPool} from './contenders.mjs'
import {rounds} from './rounds.mjs'

const {path: pwsh} = await findPwsh()
const folder = benchFolder()
// It has two versions: a name without one means the newest.
process.env.PSModulePath = [await installedPester(), process.env.PSModulePath ?? ''].join(path.delimiter)
const count = Number(process.argv[2] ?? 5)

/** @param {number} tasks @param {string} run @param {Readonly<Record<string, string>>} inputs */
const pool = (tasks, run, inputs) => () =>
  runPool(
    Array.from({length: tasks}, (_, i) => ({name: `task number ${i}`, run: `${run}; 'task ${i}'`})),
    {shell: pwsh, summary: 'none', ...inputs},
    folder,
    tasks
  )

/** @param {string} title @param {string} reference @param {Record<string, () => import('./contenders.mjs').Measured>} contenders */
function compare(title, reference, contenders) {
  if (process.argv[3] !== undefined && !title.includes(process.argv[3])) return
  console.log(`\n${title}, medians of ${count}\n\n${comparison(rounds(contenders, count), [reference])}`)
}

/** PowerShell's own means for the same waits. @param {number} tasks @param {number} atATime @param {string} wait @param {string} [options] */
const forEachObject =
  (tasks, atATime, wait, options = '') =>
  () => {
    const script = `0..${tasks - 1} | ForEach-Object ${options} -ThrottleLimit ${atATime} -Parallel { ${wait}; "task $_" }`
    return checkedRun(pwsh, ['-NoProfile', '-NonInteractive', '-Command', script], {}, tasks)
  }

/** The pattern that all of this comes from. @param {number} tasks @param {number} atATime @param {string} wait */
const runspacePool = (tasks, atATime, wait) => () => {
  const script = `
    $pool = [runspacefactory]::CreateRunspacePool(1, ${atATime}, [initialsessionstate]::CreateDefault(), $Host)
    $pool.Open()
    $calls = foreach ($i in 0..${tasks - 1}) {
      $shell = [powershell]::Create().AddScript("${wait}; 'task $i'")
      $shell.RunspacePool = $pool
      @{Shell = $shell; Result = $shell.BeginInvoke()}
    }
    foreach ($call in $calls) { $call.Shell.EndInvoke($call.Result); $call.Shell.Dispose() }`
  return checkedRun(pwsh, ['-NoProfile', '-NonInteractive', '-Command', script], {}, tasks)
}

try {
  console.log(String(spawnSync(pwsh, ['-Version'], {encoding: 'utf8'}).stdout).trim())
  const second = 'Start-Sleep -Seconds 1'
  compare('20 waits of 1 s, 10 at a time', 'ForEach-Object -Parallel', {
    'isolation: thread': pool(20, second, {'max-parallel': '10', isolation: 'thread'}),
    'ForEach-Object -Parallel': forEachObject(20, 10, second),
    RunspacePool: runspacePool(20, 10, second)
  })
  const wait = 'Start-Sleep -Milliseconds 200'
  compare('200 waits of 200 ms, 16 at a time', 'ForEach-Object -Parallel', {
    'isolation: thread': pool(200, wait, {'max-parallel': '16', isolation: 'thread'}),
    'isolation: none': pool(200, wait, {'max-parallel': '16', isolation: 'none'}),
    'isolation: runspace': pool(200, wait, {'max-parallel': '16', isolation: 'runspace'}),
    'ForEach-Object -Parallel': forEachObject(200, 16, wait),
    'ForEach-Object -Parallel -UseNewRunspace': forEachObject(200, 16, wait, '-UseNewRunspace'),
    RunspacePool: runspacePool(200, 16, wait)
  })
  compare('200 waits of 200 ms, 64 at a time', 'ForEach-Object -Parallel', {
    'isolation: thread': pool(200, wait, {'max-parallel': '64', isolation: 'thread'}),
    'ForEach-Object -Parallel': forEachObject(200, 64, wait),
    RunspacePool: runspacePool(200, 64, wait)
  })

  const check = 'Describe d { It i { 1 | Should -Be 1 } }'
  const run = `$r = Invoke-Pester -Container (New-PesterContainer -ScriptBlock { ${check} }) -PassThru -Output None; if ($r.PassedCount -ne 1) { throw }`
  const inputs = {'max-parallel': '2', modules: 'Pester'}
  const importing = 'a process each, which imports Pester itself'
  compare('60 tasks that use Pester, 2 at a time', importing, {
    [importing]: pool(60, `Import-Module Pester; ${run}`, {'max-parallel': '2'}),
    'isolation: process, modules: Pester': pool(60, run, inputs),
    'isolation: runspace, modules: Pester': pool(60, run, {...inputs, isolation: 'runspace'}),
    'isolation: none, modules: Pester': pool(60, run, {...inputs, isolation: 'none'}),
    'isolation: thread, modules: Pester': pool(60, run, {...inputs, isolation: 'thread'})
  })
} finally {
  rmSync(folder, {recursive: true, force: true})
}
