// Four tasks that print much of one kind at once, for each kind that costs in a way of its own: processor time and memory of the action alone.
// [BUNDLES=NAME=FILE] node bench/output-kinds.mjs [MB A TASK] [KIND …].
import {spawnSync} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {readFileSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {findPwsh} from '../scripts/find-pwsh.mjs'
import {benchFolder} from './bench-folder.mjs'
import {actions, buildLine, lines, mostMemoryMb, printingTasks, usageIn} from './printing-tasks.mjs'
import {median, rounds} from './rounds.mjs'

const [given, ...asked] = process.argv.slice(2)
const megabytes = Number(given ?? 50)
const {path: pwsh} = await findPwsh()
const folder = benchFolder()
const file = path.join(folder, 'printed')
const usageFile = path.join(folder, 'usage')
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

const modes = /** @type {const} */ ([
  ['grouped', ''],
  ['live', ''],
  ['live', announcements]
])

try {
  console.log(
    `4 tasks, ${megabytes} MB each; Node ${process.version}; seconds of processor time (median of 3), and MB of memory at most (limit ${mostMemoryMb} MB)`
  )
  console.log(`  ${''.padEnd(30)}  grouped          live             live, with masked values`)
  for (const [kind, make] of Object.entries(kinds)) {
    if (asked.length > 0 && !asked.includes(kind)) continue
    const block = make()
    writeFileSync(file, Buffer.alloc(megabytes * megabyte, block))
    const cells = Object.fromEntries(Object.keys(actions).map(name => [name, /** @type {string[]} */ ([])]))
    for (const [log, before] of modes) {
      const most = /** @type {Record<string, number>} */ ({})
      const contenders = Object.entries(actions).map(([name, action]) => [
        name,
        () => {
          const {mb, seconds} = measure(action, log, before)
          most[name] = Math.max(most[name] ?? 0, mb)
          return seconds
        }
      ])
      for (const [name, seconds] of Object.entries(rounds(Object.fromEntries(contenders), 3))) {
        cells[name]?.push(`${median(seconds).toFixed(2).padStart(6)} s ${(most[name] ?? 0).toFixed(0).padStart(4)} MB`)
      }
      if ((most.action ?? 0) > mostMemoryMb) process.exitCode = 1
    }
    for (const [name, columns] of Object.entries(cells)) console.log(`  ${kind.padEnd(20)}${name.padEnd(10)}${columns.join('  ')}`)
  }
} finally {
  rmSync(folder, {recursive: true, force: true})
}

/**
 * What the action's own process used.
 * @param {string} action
 * @param {'grouped' | 'live'} log
 * @param {string} before what each task runs before it prints
 */
function measure(action, log, before) {
  const inputs = printingTasks({tasks: 4, run: `${before}cat '${file}'`, shell: pwsh, log})
  const step = {GITHUB_OUTPUT: '', GITHUB_STEP_SUMMARY: '', RUNNER_TEMP: folder, USAGE_FILE: usageFile}
  spawnSync('sh', ['-c', `{ ${action}; echo $? > '${exitCodeFile}'; } | cat > /dev/null`], {env: {...process.env, ...step, ...inputs}})
  const exitCode = readFileSync(exitCodeFile, 'utf8').trim()
  if (exitCode !== '0') throw new Error(`${log}: exit code ${exitCode}`)
  return usageIn(usageFile)
}
