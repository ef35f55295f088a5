// From the start of a step to its first line, and what its bundle weighs: node bench/start.mjs [BUNDLE.js …], which are measured in turns.
// With none, the bundle in dist/. NODE names the Node that runs them; this one unless it is set. No PowerShell is started.
import {spawn} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {median} from './rounds.mjs'

const rounds = 40
const node = process.env.NODE ?? process.execPath
const root = path.join(import.meta.dirname, '..')
const bundles = process.argv.length > 2 ? process.argv.slice(2) : [path.join(root, 'dist', 'index.js')]
const workspace = mkdtempSync(path.join(tmpdir(), 'pwsh-pool-start-'))
// The plan of one task: inputs are read, the list is read and checked, and a line is printed.
const env = {PATH: process.env.PATH, INPUT_TASKS: '- "1"', 'INPUT_DRY-RUN': 'true', GITHUB_WORKSPACE: workspace, RUNNER_TEMP: workspace}

/**
 * Milliseconds until the first byte is printed.
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
function firstLine(args) {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now()
    const child = spawn(node, args, {env, stdio: ['ignore', 'pipe', 'inherit']})
    let ms = 0
    child.stdout.once('data', () => {
      ms = performance.now() - startedAt
    })
    child.stdout.resume()
    child.once('error', reject)
    child.once('close', () => resolve(ms))
  })
}

/** Processor time of all that this process has started and that is over, in ms; 0 where the system does not tell. Source: proc_pid_stat(5), (16), (17). */
function processorMs() {
  if (process.platform !== 'linux') return 0
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[13]) + Number(fields[14])) * 10
}

const contenders = [{name: 'node alone', args: ['-p', '1'], kB: 0}].concat(
  bundles.map(bundle => ({name: bundle, args: [bundle], kB: Math.round(statSync(bundle).size / 1000)}))
)
const figures = contenders.map(() => ({wall: /** @type {number[]} */ ([]), processor: 0}))
for (let round = 0; round < rounds; round++) {
  for (const [position, {args}] of contenders.entries()) {
    const before = processorMs()
    figures[position]?.wall.push(await firstLine(args))
    figures[position].processor += processorMs() - before
  }
}
rmSync(workspace, {recursive: true, force: true})
console.log(`from start to first line, median (least) of ${rounds} in turns; processor time of the whole process, mean`)
for (const [position, {name, kB}] of contenders.entries()) {
  const {wall, processor} = figures[position] ?? {wall: [], processor: 0}
  const columns = [median(wall), Math.min(...wall), processor / rounds].map(ms => ms.toFixed(0).padStart(5))
  console.log(`${columns[0]} ms (${columns[1]})  ${columns[2]} ms  ${String(kB).padStart(5)} kB  ${name}`)
}
