// 200 waits of very different length, 16 at a time: the wall time of the run against a simulated schedule that starts the next task the moment
// a place is free, in the same order, with nothing but the waits.
// node bench/skewed-waits.mjs [MEAN SECONDS]. A mean at which the processors have no time left for
// 200 starts measures them and not the schedule.

import {spawnSync} from 'node:child_process'
import {readFileSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {findPwsh} from '../scripts/find-pwsh.mjs'
import {root} from '../scripts/set-up.mjs'
import {benchFolder} from './bench-folder.mjs'

const places = 16
const meanMs = 1000 * Number(process.argv[2] ?? 20)
const shortestMs = meanMs / 5
// Exponential, and the same in every run: most are short, a few are long.
const waits = Array.from({length: 200}, (_, i) =>
  Math.round(shortestMs - (meanMs - shortestMs) * Math.log(1 - (((i * 7919) % 200) + 0.5) / 200))
)
const {path: pwsh} = await findPwsh()
const folder = benchFolder()

function simulated() {
  const freeAt = Array.from({length: places}, () => 0)
  for (const wait of waits) {
    const place = freeAt.indexOf(Math.min(...freeAt))
    freeAt[place] = (freeAt[place] ?? 0) + wait
  }
  return Math.max(...freeAt)
}

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
