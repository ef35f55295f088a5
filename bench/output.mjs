// Four tasks that print much at once, each by a native `cat` of the same file: the time that their bytes take beside that of the same bytes
// through the same number of pipes by `cat` alone, and the memory that the action takes for it.
// [BUNDLES=NAME=FILE] node bench/output.mjs [MB A TASK] [INPUT=VALUE …].
import {spawnSync} from 'node:child_process'
import {closeSync, fsyncSync, openSync, rmSync, writeSync} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {findPwsh} from '../scripts/find-pwsh.mjs'
import {benchFolder} from './bench-folder.mjs'
import {actions, buildLine, lines, mostMemoryMb, printingTasks, usageIn} from './printing-tasks.mjs'
import {median, rounds} from './rounds.mjs'

const tasks = 4
const [given, ...pairs] = process.argv.slice(2)
const megabytes = Number(given ?? 250)
const {path: pwsh} = await findPwsh()
const folder = benchFolder()
const file = path.join(folder, 'lines.txt')
const usageFile = path.join(folder, 'usage')

/** Each prints to the same reader, which counts the bytes. */
const contenders = {
  cat: () => timed('cat', sideBySide(`cat '${file}' | cat`)),
  spool: () => timed('spool', `${sideBySide(`cat '${file}' | cat > '${folder}/spool-'$i`)}; cat '${folder}'/spool-*`),
  pwsh: () => timed('pwsh', sideBySide(`'${pwsh}' -NoProfile -NonInteractive -command "cat '${file}'" | cat`)),
  empty: () => timed('empty', actions.action ?? '', inputs('grouped', '/dev/null'))
}

/** Those that are the action: how a log of it is written, by each bundle. @type {Record<string, () => number>} */
const logs = Object.fromEntries(
  /** @type {const} */ (['grouped', 'live']).flatMap(log =>
    Object.entries(actions).map(([bundle, action]) => {
      const name = bundle === 'action' ? log : `${log}, ${bundle}`
      return [name, () => timed(name, action, inputs(log, file))]
    })
  )
)

/** What else was measured of each, in the order of its runs: of the action's own process, and seconds of all processors for it and all that it started. */
const usages = /** @type {Record<string, {mb: number, seconds: number}[]>} */ ({})
const processor = /** @type {Record<string, number[]>} */ ({})

try {
  writeLines(file, megabytes * 1024 * 1024)
  const times = rounds({...contenders, ...logs})
  const {cat, empty} = times
  console.log(
    `${tasks} tasks, ${megabytes} MB each${pairs.length === 0 ? '' : `, ${pairs.join(' ')}`}; Node ${process.version}, ${os.cpus().length} processors`
  )
  tell('cat', cat, 'cat FILE | cat, 4 at once')
  tell('spool', times.spool, 'the same by way of a file: cat FILE | cat > SPOOL, 4 at once, then cat SPOOL')
  tell('pwsh', times.pwsh, 'pwsh -command "cat FILE" | cat, 4 at once')
  tell('empty', empty, 'the action, whose tasks print nothing')
  for (const name of Object.keys(logs)) {
    const list = times[name] ?? []
    const mb = Math.max(...(usages[name] ?? []).map(usage => usage.mb))
    const own = median((usages[name] ?? []).map(usage => usage.seconds))
    tell(name, list, `the action; its own process ${own.toFixed(2)} s, ${mb.toFixed(0)} MB at most (limit ${mostMemoryMb} MB)`)
    console.log(
      `    times cat ${ratio(list, cat)}, without the time of empty ${ratio(less(list, empty), cat)}; times spool ${ratio(less(list, empty), times.spool)}; times pwsh ${ratio(list, times.pwsh)}`
    )
    if (mb > mostMemoryMb && (name === 'grouped' || name === 'live')) process.exitCode = 1
  }
} finally {
  rmSync(folder, {recursive: true, force: true})
}

/** @param {string} name @param {readonly number[]} list @param {string} what */
function tell(name, list, what) {
  const seconds = (/** @type {number} */ ms) => (ms / 1000).toFixed(2).padStart(6)
  console.log(`  ${name.padEnd(16)}${seconds(median(list))} s,${seconds(1000 * median(processor[name] ?? []))} s of processors: ${what}`)
}

/** @param {readonly number[]} list @param {readonly number[]} other */
function ratio(list, other) {
  return (median(list) / median(other)).toFixed(2)
}

/** @param {readonly number[]} list @param {readonly number[]} other */
function less(list, other) {
  return list.map(ms => ms - median(other))
}

/** @param {string} command for a shell */
function sideBySide(command) {
  return `for i in ${Array.from({length: tasks}, (_, i) => i).join(' ')}; do ${command} & done; wait`
}

/** @param {'grouped' | 'live'} log @param {string} printed the file that each task prints */
function inputs(log, printed) {
  return printingTasks({tasks, run: `cat '${printed}'`, shell: pwsh, log, ...Object.fromEntries(pairs.map(pair => pair.split('=', 2)))})
}

/**
 * Runs a command of the shell into a reader that counts, and returns its milliseconds.
 * @param {string} name @param {string} command
 * @param {NodeJS.ProcessEnv} more environment
 */
function timed(name, command, more = {}) {
  const env = {...process.env, GITHUB_OUTPUT: '', GITHUB_STEP_SUMMARY: '', RUNNER_TEMP: folder, USAGE_FILE: usageFile, ...more}
  const startedAt = performance.now()
  const {stdout, status} = spawnSync('sh', ['-c', `{ ${command}; } | wc -c; times`], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const ms = performance.now() - startedAt
  for (let i = 0; i < tasks; i++) rmSync(path.join(folder, `spool-${i}`), {force: true})
  const expected = name === 'empty' ? 1 : tasks * megabytes * 1024 * 1024
  if (status !== 0 || !(Number.parseInt(stdout, 10) >= expected)) throw new Error(`${name}: ${expected} bytes expected, got ${stdout}`)
  const spent = [...stdout.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds),
    0
  )
  processor[name] = [...(processor[name] ?? []), spent]
  if (name in logs) usages[name] = [...(usages[name] ?? []), usageIn(usageFile)]
  return ms
}

/** Lines as a build prints them. @param {string} name @param {number} size */
function writeLines(name, size) {
  const block = lines(i => `${buildLine(i)}\n`)
  const descriptor = openSync(name, 'w')
  for (let written = 0; written < size; ) written += writeSync(descriptor, block, 0, Math.min(block.length, size - written))
  // Still being written to disk, it would slow down the first contender.
  fsyncSync(descriptor)
  closeSync(descriptor)
}
