// Four tasks that print much of one kind at once, for each kind that costs in a way of its own: the time that it takes and the memory of the action.
// node bench/output-kinds.mjs [MB A TASK] [KIND …].
import {spawnSync} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {readFileSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {findPwsh} from '../scripts/find-pwsh.mjs'
import {benchFolder} from './bench-folder.mjs'
import {action, buildLine, lines, mostMemoryMb, printingTasks} from './printing-tasks.mjs'

const [given, ...asked] = process.argv.slice(2)
const megabytes = Number(given ?? 50)
const {path: pwsh} = await findPwsh()
const folder = benchFolder()
const file = path.join(folder, 'printed')
const memoryFile = path.join(folder, 'memory')
const exitCodeFile = path.join(folder, 'exit-code')

const megabyte = 1024 * 1024

/** What is printed over and over. @type {Record<string, () => Buffer>} */
const kinds = {
  lines: () => lines(i => `${buildLine(i)}\n`),
  'lines with CR LF': () => lines(i => `${buildLine(i)}\r\n`),
  progress: () => lines(i => `\x1b[32mprogress ${i} %\x1b[0m\r`),
  'empty lines': () => lines(() => '\n'),
  'UTF-8': () => lines(i => `Zeile ${i} mit Umlauten: äöü, 漢字 und 🔑\n`),
  'Latin-1': () => Buffer.from(lines(i => `Zeile ${i} mit Umlauten: äöü\n`).toString(), 'latin1'),
  'UTF-16': () => Buffer.from(lines(i => `line ${i} as cmd writes it\r\n`).toString(), 'utf16le'),
  'random bytes': () => randomBytes(megabyte),
  'lines of 1 MB': () => Buffer.from(`${'x'.repeat(megabyte - 1)}\n`),
  'one line of words': () => lines(i => `word ${i} `),
  'one word': () => Buffer.alloc(megabyte, 'x'),
  '::debug::': () => lines(i => `::debug::line ${i}, for those who look for a mistake\n`),
  '::warning::': () => lines(i => `::warning file=file.cs,line=${i}::line ${i}\n`),
  '::group::': () => lines(i => `::group::part ${i}\ntext\n::endgroup::\n`)
}

/** Printed first by each task: the values to mask, which occur in at least one of the kinds. */
const announcements = "'::add-mask::word'; '::add-mask::a-value-that-is-not-there'; "

try {
  console.log(`4 tasks, ${megabytes} MB each; Node ${process.version}; seconds in all, and MB of memory at most (limit ${mostMemoryMb} MB)`)
  console.log(`  ${''.padEnd(20)}  grouped          live             live, with masked values`)
  for (const [kind, make] of Object.entries(kinds)) {
    if (asked.length > 0 && !asked.includes(kind)) continue
    const block = make()
    writeFileSync(file, Buffer.alloc(megabytes * megabyte, block))
    const cells = [measure('grouped', ''), measure('live', ''), measure('live', announcements)]
    console.log(`  ${kind.padEnd(20)}${cells.join('  ')}`)
  }
} finally {
  rmSync(folder, {recursive: true, force: true})
}

/** @param {'grouped' | 'live'} log @param {string} before what each task runs before it prints */
function measure(log, before) {
  const inputs = printingTasks({tasks: 4, run: `${before}cat '${file}'`, shell: pwsh, log})
  const step = {GITHUB_OUTPUT: '', GITHUB_STEP_SUMMARY: '', RUNNER_TEMP: folder, PEAK_MEMORY_FILE: memoryFile}
  const startedAt = performance.now()
  spawnSync('sh', ['-c', `{ ${action}; echo $? > '${exitCodeFile}'; } | cat > /dev/null`], {env: {...process.env, ...step, ...inputs}})
  const seconds = (performance.now() - startedAt) / 1000
  const exitCode = readFileSync(exitCodeFile, 'utf8').trim()
  if (exitCode !== '0') throw new Error(`${log}: exit code ${exitCode}`)
  const mb = Number(readFileSync(memoryFile, 'utf8'))
  if (mb > mostMemoryMb) process.exitCode = 1
  return `${seconds.toFixed(1).padStart(6)} s ${mb.toFixed(0).padStart(4)} MB`
}
