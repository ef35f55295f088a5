// A fresh pwsh for every task: the pool against xargs, which starts the same wrapped scripts as a `shell: pwsh` step would.
// node bench/processes.mjs.
import {spawnSync} from 'node:child_process'
import {rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {findPwsh} from '../scripts/find-pwsh.mjs'
import {root} from '../scripts/set-up.mjs'
import {benchFolder} from './bench-folder.mjs'
import {median, rounds} from './rounds.mjs'

const tasks = 40
const atATime = 2
const {path: pwsh} = await findPwsh()
const folder = benchFolder()
const wrapped = `$ErrorActionPreference = 'stop'\n'x'\nif ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }`
const files = Array.from({length: tasks}, (_, i) => path.join(folder, `${i}.ps1`))
for (const file of files) writeFileSync(file, wrapped)

/** @param {string} command @param {string[]} args @param {RegExp} output @param {import('node:child_process').SpawnSyncOptions} options */
function timed(command, args, output, options) {
  const startedAt = performance.now()
  const {status, stdout} = spawnSync(command, args, {...options, encoding: 'utf8'})
  const printed = (String(stdout).match(output) ?? []).length
  if (status !== 0 || printed !== tasks) throw new Error(`${command} ended with ${status} and ${printed} of ${tasks} outputs`)
  return performance.now() - startedAt
}

const xargs = () =>
  timed('xargs', ['-P', String(atATime), '-I', '{}', pwsh, '-NoProfile', '-NonInteractive', '-command', ". '{}'"], /x/g, {
    input: files.join('\n')
  })

const pool = () =>
  timed(process.execPath, [path.join(root, 'dist', 'index.js')], /^x$/gm, {
    env: {
      ...process.env,
      INPUT_TASKS: JSON.stringify(Array.from({length: tasks}, (_, i) => ({name: `task ${i}`, run: "'x'"}))),
      'INPUT_MAX-PARALLEL': String(atATime),
      INPUT_SHELL: pwsh,
      GITHUB_OUTPUT: '',
      RUNNER_TEMP: folder
    }
  })

try {
  const times = rounds({xargs, pool})
  console.log(`${tasks} no-op tasks, ${atATime} at a time, ${String(spawnSync(pwsh, ['-Version'], {encoding: 'utf8'}).stdout).trim()}`)
  for (const [name, list] of Object.entries(times)) console.log(`  ${name.padEnd(6)} ${(median(list) / tasks).toFixed(0)} ms a task`)
  console.log(`  ratio  ${(median(times.pool) / median(times.xargs)).toFixed(2)} (pool to xargs, medians of ${times.pool.length})`)
} finally {
  rmSync(folder, {recursive: true, force: true})
}
