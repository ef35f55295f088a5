// The PowerShell that the demo and the tests use; the product itself knows nothing of it.
import {spawn} from 'node:child_process'
import {createHash} from 'node:crypto'
import {accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'

/** @typedef {{path: string, kind: 'named' | 'on-path' | 'embedded'}} FoundPowerShell */

const here = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'embedded-pwsh')
const buildFolder = path.join(here, 'build')
const fileName = process.platform === 'win32' ? 'pwsh.exe' : 'pwsh'

/**
 * `PWSH_POOL_PWSH` if it is set, else the `pwsh` on PATH, else the embedded one, which is built first where that is needed.
 * @returns {Promise<FoundPowerShell>}
 */
export async function findPwsh() {
  const named = process.env.PWSH_POOL_PWSH
  if (named) {
    if (!isProgram(named)) throw new Error(`PWSH_POOL_PWSH does not name a program: "${named}"`)
    return {path: path.resolve(named), kind: 'named'}
  }
  const onPath = (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter(folder => path.isAbsolute(folder))
    .map(folder => path.join(folder, fileName))
    .find(isProgram)
  if (onPath) return {path: onPath, kind: 'on-path'}
  return {path: await embedded(), kind: 'embedded'}
}

/** @param {string} file */
function isProgram(file) {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

// Each state of the sources has a folder of its own, so that a build never changes a program that is running.
async function embedded() {
  const folder = path.join(buildFolder, hashOfSources())
  const program = path.join(folder, fileName)
  if (existsSync(program)) return program
  mkdirSync(buildFolder, {recursive: true})
  const release = await lock(path.join(buildFolder, 'lock'))
  try {
    if (!existsSync(program)) await build(folder)
  } finally {
    release()
  }
  return program
}

function hashOfSources() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`)
  const sources = readdirSync(here, {recursive: true, encoding: 'utf8'})
    .filter(file => /\.(cs|csproj|props|psd1)$/.test(file) && !file.startsWith('build'))
    .sort()
  for (const file of sources) hash.update(file).update(readFileSync(path.join(here, file)))
  return hash.digest('hex').slice(0, 12)
}

/** @param {string} folder */
async function build(folder) {
  if (!(await hasSdk())) {
    throw new Error(
      'No PowerShell found. Install PowerShell 7.2 or later (https://aka.ms/powershell), ' +
        'or the .NET 10 SDK (https://dotnet.microsoft.com/download), with which a small embedded one is built.'
    )
  }
  process.stderr.write('building the embedded PowerShell (once, about 20 s) …\n')
  const work = `${folder}.${process.pid}`
  const publish = ['publish', 'embedded-pwsh.csproj', '--configuration', 'Release', '--output', path.join(work, 'out')]
  const apart = ['--artifacts-path', work, '-nodeReuse:false', '-p:UseSharedCompilation=false']
  try {
    // The package of the ReadyToRun compiler is not to be had everywhere. Without it every start takes twice as long.
    let result = await dotnet([...publish, ...apart, '-p:PublishReadyToRun=true'])
    if (result.code !== 0) result = await dotnet([...publish, ...apart])
    if (result.code !== 0) throw new Error(`The embedded PowerShell could not be built:\n${result.output}`)
    renameSync(path.join(work, 'out'), folder)
  } finally {
    rmSync(work, {recursive: true, force: true})
  }
}

async function hasSdk() {
  const {code, output} = await dotnet(['--list-sdks'])
  return code === 0 && output.split('\n').some(line => Number.parseInt(line, 10) >= 10)
}

/**
 * @param {string[]} args
 * @returns {Promise<{code: number | null, output: string}>}
 */
function dotnet(args) {
  return new Promise(resolve => {
    const env = {...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1'}
    const child = spawn('dotnet', args, {cwd: here, env, stdio: ['ignore', 'pipe', 'pipe']})
    let output = ''
    const add = (/** @type {Buffer} */ data) => {
      output += data
    }
    child.stdout.on('data', add)
    child.stderr.on('data', add)
    child.on('error', error => resolve({code: null, output: error.message}))
    child.on('close', code => resolve({code, output}))
  })
}

/**
 * Waits until no other process builds; the lock of a process that died is taken away.
 * @param {string} file
 */
async function lock(file) {
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), {flag: 'wx'})
      return () => rmSync(file, {force: true})
    } catch (error) {
      if (!existsSync(path.dirname(file))) throw error
    }
    if (!isAlive(file)) rmSync(file, {force: true})
    await sleep(200)
  }
}

/** @param {string} file */
function isAlive(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    if (pid) process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}
