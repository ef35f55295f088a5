import {spawnSync} from 'node:child_process'
import {readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {root} from '../scripts/set-up.mjs'

/**
 * Runs a command that prints `task N` on a line for every task, and returns its milliseconds. Throws if it fails or a line is missing.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} options
 * @param {number} tasks
 */
export function checkedRun(command, args, options, tasks) {
  const startedAt = performance.now()
  const {status, stdout, stderr} = spawnSync(command, args, {...options, encoding: 'utf8', maxBuffer: 1e9})
  const ms = performance.now() - startedAt
  const printed = new Set(String(stdout).match(/^task \d+$/gm))
  if (status !== 0 || printed.size !== tasks) {
    throw new Error(`${command} ended with ${status} and ${printed.size} of ${tasks} outputs: ${String(stderr).slice(0, 2000)}`)
  }
  return ms
}

/**
 * Runs tasks that print `task N` through the built action, and returns its milliseconds. Throws if one of them did not succeed.
 * @param {readonly object[]} entries of the task list
 * @param {Readonly<Record<string, string>>} inputs
 * @param {string} folder for the files of the run
 * @param {number} tasks
 */
export function runPool(entries, inputs, folder, tasks) {
  const outputFile = path.join(folder, 'output')
  const listFile = path.join(folder, 'tasks.json')
  writeFileSync(outputFile, '')
  writeFileSync(listFile, JSON.stringify(entries))
  const given = Object.entries({'tasks-file': listFile, ...inputs}).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])
  const env = {...process.env, ...Object.fromEntries(given), GITHUB_OUTPUT: outputFile, GITHUB_STEP_SUMMARY: '', RUNNER_TEMP: folder}
  const ms = checkedRun(process.execPath, [path.join(root, 'dist', 'index.js')], {env}, tasks)
  const succeeded = Number(/^succeeded<<(\S+)\n(\d+)\n\1$/m.exec(readFileSync(outputFile, 'utf8'))?.[2])
  if (succeeded !== tasks) throw new Error(`${succeeded} of ${tasks} tasks succeeded`)
  return ms
}
