// Four tasks that print much at once: the memory that the action takes for it, and its time beside that of `cat` of the same bytes into the
// same reader, alone and started by PowerShell. node bench/output.mjs [MB A TASK] [INPUT=VALUE …], with PWSH_POOL_PWSH naming a full PowerShell for figures that mean something.
import {spawn} from 'node:child_process'
import {closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {findPwsh} from '../embedded-pwsh/find-pwsh.mjs'
import {root} from '../scripts/set-up.mjs'

const tasks = 4
const mostMemoryMb = 150
const [given, ...pairs] = process.argv.slice(2)
const megabytes = Number(given ?? 250)
const {path: pwsh} = await findPwsh()
const folder = mkdtempSync(path.join(os.tmpdir(), 'pwsh-pool-bench-'))
const file = path.join(folder, 'lines.txt')
writeLines(file, megabytes * 1024 * 1024)

const inputs = {
  tasks: JSON.stringify(Array.from({length: tasks}, (_, i) => ({name: `task ${i}`, run: `cat '${file}'`}))),
  'max-parallel': String(tasks),
  shell: pwsh,
  ...Object.fromEntries(pairs.map(pair => pair.split('=', 2)))
}

try {
  const cat = await measured('sh', ['-c', sideBySide(`cat '${file}'`)], process.env)
  const bare = await measured('sh', ['-c', sideBySide(`'${pwsh}' -NoProfile -NonInteractive -command "cat '${file}'"`)], process.env)
  const env = {
    ...process.env,
    ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    GITHUB_OUTPUT: '',
    GITHUB_STEP_SUMMARY: '',
    RUNNER_TEMP: folder
  }
  const action = await measured(process.execPath, [path.join(root, 'dist', 'index.js')], env)
  const expected = tasks * megabytes * 1024 * 1024
  if (action.bytes < expected) throw new Error(`${action.bytes} bytes came of ${expected}`)
  console.log(`${tasks} tasks, ${megabytes} MB each${pairs.length === 0 ? '' : `, ${pairs.join(' ')}`}, ${os.cpus().length} processors`)
  console.log(`  cat     ${(cat.ms / 1000).toFixed(1)} s`)
  console.log(`  pwsh    ${(bare.ms / 1000).toFixed(1)} s, that starts each cat`)
  console.log(`  action  ${(action.ms / 1000).toFixed(1)} s: ${ratio(action, bare)} times pwsh, ${ratio(action, cat)} times cat`)
  console.log(`  memory  ${action.peakMb.toFixed(0)} MB at most (limit ${mostMemoryMb} MB)`)
  if (action.peakMb > mostMemoryMb) process.exitCode = 1
} finally {
  rmSync(folder, {recursive: true, force: true})
}

/** @param {string} command for a shell */
function sideBySide(command) {
  return `for i in ${'x '.repeat(tasks)}; do ${command} & done; wait`
}

/** @param {{ms: number}} a @param {{ms: number}} b */
function ratio(a, b) {
  return (a.ms / b.ms).toFixed(1)
}

/**
 * Runs a command and reads all that it prints.
 * @param {string} command @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
async function measured(command, args, env) {
  const startedAt = performance.now()
  const child = spawn(command, args, {env, stdio: ['ignore', 'pipe', 'inherit']})
  let bytes = 0
  let peakMb = 0
  child.stdout.on('data', (/** @type {Buffer} */ chunk) => {
    bytes += chunk.length
  })
  const sampling = setInterval(() => {
    peakMb = Math.max(peakMb, peakMemoryMb(child.pid))
  }, 50)
  await new Promise(resolve => child.once('close', resolve))
  clearInterval(sampling)
  return {ms: performance.now() - startedAt, bytes, peakMb}
}

/** The most memory that a process has had so far; 0 where the system does not tell. @param {number | undefined} pid */
function peakMemoryMb(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

/** Lines as a build prints them. @param {string} name @param {number} size */
function writeLines(name, size) {
  const lines = Array.from(
    {length: 10_000},
    (_, i) => `2026-11-23T12:00:00.000Z  Compiling src/module-${i}/file.cs (${i} of 10000)\n`
  ).join('')
  const block = Buffer.from(lines)
  const descriptor = openSync(name, 'w')
  for (let written = 0; written < size; ) written += writeSync(descriptor, block, 0, Math.min(block.length, size - written))
  closeSync(descriptor)
}
