import {spawnSync} from 'node:child_process'
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {root} from '../scripts/set-up.mjs'
import {median} from './rounds.mjs'

/**
 * What a run took: time, and of the command with all that it has started processor time and the memory of its largest process; both NaN where there is
 * no GNU time, which measures them.
 * @typedef {{ms: number, processorMs: number, memoryMb: number}} Measured
 */

const gnuTime = '/usr/bin/time'

/**
 * Runs a command that prints `task N` on a line for every task. Throws if it fails or a line is missing.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} options
 * @param {number} tasks
 * @returns {Measured}
 */
export function checkedRun(command, args, options, tasks) {
  const scratch = mkdtempSync(path.join(tmpdir(), 'bench-'))
  const usage = path.join(scratch, 'usage')
  const isMeasured = process.platform === 'linux' && existsSync(gnuTime)
  const [program, given] = isMeasured ? [gnuTime, ['-q', '-f', '%U %S %M', '-o', usage, command, ...args]] : [command, [...args]]
  try {
    const startedAt = performance.now()
    const {status, stdout, stderr} = spawnSync(program, given, {...options, encoding: 'utf8', maxBuffer: 1e9})
    const ms = performance.now() - startedAt
    const printed = new Set(String(stdout).match(/^task \d+$/gm))
    if (status !== 0 || printed.size !== tasks) {
      throw new Error(`${command} ended with ${status} and ${printed.size} of ${tasks} outputs: ${String(stderr).slice(0, 2000)}`)
    }
    const [user = NaN, system = NaN, kilobytes = NaN] = isMeasured ? readFileSync(usage, 'utf8').split(' ').map(Number) : []
    return {ms, processorMs: 1000 * (user + system), memoryMb: kilobytes / 1024}
  } finally {
    rmSync(scratch, {recursive: true, force: true})
  }
}

/**
 * A table of medians, each time also as a multiple of those of `references`.
 * @param {Record<string, readonly Measured[]>} measured
 * @param {readonly string[]} references names of contenders
 * @param {(name: string) => number} [tasks] by which times are divided; default: 1, for the whole
 */
export function comparison(measured, references, tasks = () => 1) {
  const isWhole = Object.keys(measured).every(name => tasks(name) === 1)
  /** @param {string} name @param {keyof Measured} key */
  const of = (name, key) => median((measured[name] ?? []).map(each => each[key])) / (key === 'memoryMb' ? 1 : tasks(name))
  /** @param {number} ms */
  const time = ms => (isWhole ? (ms / 1000).toFixed(2) : ms.toFixed(1))
  const unit = isWhole ? 's' : 'ms a task'
  const head = [`| | ${unit}`, ...references.map(name => `× ${name}`), `processor, ${unit}`, ...references.map(name => `× ${name}`), 'MB |']
  const rows = Object.keys(measured).map(name => {
    const columns = /** @type {const} */ (['ms', 'processorMs']).flatMap(key => [
      time(of(name, key)),
      ...references.map(reference => (of(name, key) / of(reference, key)).toFixed(2))
    ])
    return `| ${[name, ...columns, of(name, 'memoryMb').toFixed(0)].join(' | ')} |`
  })
  return [head.join(' | '), `|---${'|--:'.repeat(head.length - 1)}|`, ...rows].join('\n')
}

/**
 * Runs tasks that print `task N` through the built action. Throws if one of them did not succeed.
 * @param {readonly object[]} entries of the task list
 * @param {Readonly<Record<string, string>>} inputs
 * @param {string} folder for the files of the run
 * @param {number} tasks
 * @returns {Measured}
 */
export function runPool(entries, inputs, folder, tasks) {
  const outputFile = path.join(folder, 'output')
  const listFile = path.join(folder, 'tasks.json')
  writeFileSync(outputFile, '')
  writeFileSync(listFile, JSON.stringify(entries))
  const given = Object.entries({'tasks-file': listFile, ...inputs}).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])
  const env = {...process.env, ...Object.fromEntries(given), GITHUB_OUTPUT: outputFile, GITHUB_STEP_SUMMARY: '', RUNNER_TEMP: folder}
  const measured = checkedRun(process.execPath, [path.join(root, 'dist', 'index.js')], {env}, tasks)
  const succeeded = Number(/^succeeded<<(\S+)\n(\d+)\n\1$/m.exec(readFileSync(outputFile, 'utf8'))?.[2])
  if (succeeded !== tasks) throw new Error(`${succeeded} of ${tasks} tasks succeeded`)
  return measured
}
