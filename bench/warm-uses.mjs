// What warm workers are for: tasks that wait, more at a time than there are processors, and tasks that all use one module.
// node bench/warm-uses.mjs [ROUNDS]. Times the whole command, starts of PowerShell included.
import {spawnSync} from 'node:child_process'
import {rmSync} from 'node:fs'
import path from 'node:path'
import {findPwsh} from '../scripts/find-pwsh.mjs'
import {installedPester} from '../scripts/pwsh/install-pwsh.mjs'
import {benchFolder} from './bench-folder.mjs'
import {checkedRun, runPool} from './contenders.mjs'
import {median, rounds} from './rounds.mjs'

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

/** @param {string} title @param {Record<string, () => number>} contenders */
function compare(title, contenders) {
  const times = rounds(contenders, count)
  const [first = []] = Object.values(times)
  console.log(`\n${title}, medians of ${count}\n\n| | s in all | × the first |\n|---|--:|--:|`)
  for (const [name, list] of Object.entries(times)) {
    console.log(`| ${name} | ${(median(list) / 1000).toFixed(1)} | ${(median(list) / median(first)).toFixed(2)} |`)
  }
}

try {
  console.log(String(spawnSync(pwsh, ['-Version'], {encoding: 'utf8'}).stdout).trim())
  const wait = 'Start-Sleep -Milliseconds 200'
  /** @param {string} options */
  const each = options => () =>
    checkedRun(
      pwsh,
      [
        '-NoProfile',
        '-NonInteractive',
        '-Command',
        `0..199 | ForEach-Object ${options} -ThrottleLimit 16 -Parallel { ${wait}; "task $_" }`
      ],
      {},
      200
    )
  compare('200 tasks that wait 200 ms, 16 at a time', {
    'isolation: none': pool(200, wait, {'max-parallel': '16', isolation: 'none'}),
    'isolation: runspace': pool(200, wait, {'max-parallel': '16', isolation: 'runspace'}),
    'ForEach-Object -Parallel': each(''),
    'ForEach-Object -Parallel -UseNewRunspace': each('-UseNewRunspace')
  })

  const check = 'Describe d { It i { 1 | Should -Be 1 } }'
  const run = `$r = Invoke-Pester -Container (New-PesterContainer -ScriptBlock { ${check} }) -PassThru -Output None; if ($r.PassedCount -ne 1) { throw }`
  const inputs = {'max-parallel': '2', modules: 'Pester'}
  compare('60 tasks that use Pester, 2 at a time', {
    'a process each, which imports Pester itself': pool(60, `Import-Module Pester; ${run}`, {'max-parallel': '2'}),
    'isolation: process, modules: Pester': pool(60, run, inputs),
    'isolation: runspace, modules: Pester': pool(60, run, {...inputs, isolation: 'runspace'}),
    'isolation: none, modules: Pester': pool(60, run, {...inputs, isolation: 'none'})
  })
} finally {
  rmSync(folder, {recursive: true, force: true})
}
