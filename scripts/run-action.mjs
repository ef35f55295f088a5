import {spawn} from 'node:child_process'
import {existsSync, mkdirSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {root} from './set-up.mjs'

/** @typedef {{exitCode: number | null, summaryFile: string, outputFile: string}} ActionRun */

/**
 * Starts the built action as the runner does: inputs in the environment, standard input at its end, files for its outputs and its summary.
 * Its log goes to our standard output.
 * @param {Readonly<Record<string, string>>} inputs
 * @param {string} folder absolute; emptied first, the run's files are in it afterwards
 * @returns {Promise<ActionRun>}
 */
export async function runAction(inputs, folder) {
  rmSync(folder, {recursive: true, force: true})
  const temporary = path.join(folder, 'temp')
  mkdirSync(temporary, {recursive: true})
  const summaryFile = path.join(folder, 'summary.md')
  const outputFile = path.join(folder, 'output.txt')
  for (const file of [summaryFile, outputFile]) writeFileSync(file, '')
  const env = {
    ...process.env,
    ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    GITHUB_WORKSPACE: root,
    GITHUB_STEP_SUMMARY: summaryFile,
    GITHUB_OUTPUT: outputFile,
    RUNNER_TEMP: temporary
  }
  const bundle = path.join(root, 'dist', 'index.js')
  if (!existsSync(bundle)) throw new Error(`${bundle} is not there: npm run build makes it`)
  const child = spawn(process.execPath, [bundle], {cwd: root, env, stdio: ['ignore', 'inherit', 'inherit']})
  const exitCode = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return {exitCode, summaryFile, outputFile}
}
