// 200 waits of very different length, 16 at a time: the wall time of the run against a simulated schedule that starts the next task the moment
// a place is free, in the same order, with nothing but the waits.
// Before that, on the pool with a clock of its own: how near the run comes to what is possible at all, the longest wait or the sum by the places,
// with and without timings of every wait. node bench/skewed-waits.mjs [MEAN SECONDS]; 0 for the simulation alone. A mean at which the processors have no time left for
// 200 starts measures them and not the schedule.

import {spawnSync} from 'node:child_process'
import {readFileSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {EventStream} from '../lib/model/event-stream.js'
import {Pool} from '../lib/pool/pool.js'
import {findPwsh} from '../scripts/find-pwsh.mjs'
import {root} from '../scripts/set-up.mjs'
import {benchFolder} from './bench-folder.mjs'
import {instantTasks, wholePlan} from './instant-attempts.mjs'
import {simulatedAttempts} from './simulated-attempts.mjs'

const places = 16
const meanMs = 1000 * (Number(process.argv[2] ?? 20) || 20)
const isSimulation = process.argv[2] === '0'
const shortestMs = meanMs / 5
// Exponential, and the same in every run: most are short, a few are long.
const waits = Array.from({length: 200}, (_, i) =>
  Math.round(shortestMs - (meanMs - shortestMs) * Math.log(1 - (((i * 7919) % 200) + 0.5) / 200))
)

function simulated() {
  const freeAt = Array.from({length: places}, () => 0)
  for (const wait of waits) {
    const place = freeAt.indexOf(Math.min(...freeAt))
    freeAt[place] = (freeAt[place] ?? 0) + wait
  }
  return Math.max(...freeAt)
}

/** @param {readonly number[] | undefined} expectedMs */
async function pooled(expectedMs) {
  const {attempts, now} = simulatedAttempts(waits)
  const options = {
    plan: wholePlan(waits.length),
    expectedMs,
    powershells: [],
    maxParallel: places,
    minParallel: 0,
    failFast: /** @type {const} */ ('false'),
    totalTimeoutMs: 0,
    workforce: attempts
  }
  await new Pool(instantTasks(waits.length), options, new EventStream([])).run()
  return now()
}

const bound = Math.max(Math.max(...waits), waits.reduce((sum, wait) => sum + wait, 0) / places)
for (const [how, ms] of [
  ['in declared order', await pooled(undefined)],
  ['with timings', await pooled(waits)]
]) {
  console.log(
    `simulated, ${how}: ${(Number(ms) / 1000).toFixed(1)} s, ${(Number(ms) / bound).toFixed(3)} × the bound of ${(bound / 1000).toFixed(1)} s`
  )
}
if (isSimulation) process.exit()

const {path: pwsh} = await findPwsh()
const folder = benchFolder()
writeFileSync(path.join(folder, 'output'), '')
try {
  const startedAt = performance.now()
  spawnSync(pwsh, ['-NoProfile', '-NonInteractive', '-Command', 'exit'])
  const startMs = performance.now() - startedAt
  const {status} = spawnSync(process.execPath, [path.join(root, 'dist', 'index.js')], {
    env: {
      ...process.env,
      INPUT_TASKS: JSON.stringify(waits.map((wait, i) => ({name: `${i}`, run: `[Threading.Thread]::Sleep(${wait})`}))),
      'INPUT_MAX-PARALLEL': String(places),
      INPUT_SHELL: pwsh,
      GITHUB_OUTPUT: path.join(folder, 'output'),
      RUNNER_TEMP: folder
    },
    stdio: 'ignore'
  })
  const reportFile = /report-path<<(\S+)\n(.*)\n\1/.exec(readFileSync(path.join(folder, 'output'), 'utf8'))?.[2] ?? ''
  const report = JSON.parse(readFileSync(reportFile, 'utf8'))
  if (status !== 0) throw new Error(`The run ended with ${status}`)
  const best = simulated()
  console.log(
    `${waits.length} skewed waits of ${Math.min(...waits) / 1000} to ${Math.max(...waits) / 1000} s, ${places} at a time, ${report.powershells[0].edition} ${report.powershells[0].version}`
  )
  console.log(
    `  simulated ${(best / 1000).toFixed(1)} s, pool ${(report.durationMs / 1000).toFixed(1)} s, one start ${(startMs / 1000).toFixed(1)} s`
  )
  console.log(`  ratio ${((report.durationMs - startMs) / best).toFixed(2)} (pool less one start, to the simulated schedule)`)
} finally {
  rmSync(folder, {recursive: true, force: true})
}
