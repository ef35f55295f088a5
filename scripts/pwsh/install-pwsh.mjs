// Gets from NuGet what a machine without PowerShell needs for the demo, the tests and the benches, once, into the ignored folder .pwsh/.
import {spawn} from 'node:child_process'
import {createHash} from 'node:crypto'
import {existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'

const here = import.meta.dirname
const root = path.join(here, '..', '..')
const target = path.join(root, '.pwsh')

/** @type {{tools: {powershell: {version: string}}}} */
const {tools} = JSON.parse(readFileSync(path.join(root, '.config', 'dotnet-tools.json'), 'utf8'))

/** The version that is installed: `7.6.9`. */
export const {version} = tools.powershell

/**
 * The path of a `pwsh` that is laid out, and starts, as a release does.
 * @param {string} [runtime] what it is to run on, as .NET names it, such as `win-x64`; this machine otherwise
 * @returns {Promise<string>}
 */
export async function installedPwsh(runtime) {
  const platform = runtime ?? `${process.platform}-${process.arch}`
  const folder = await installed(`${version}-${platform}-${hashOf('pwsh.csproj', 'Program.cs')}`, async made => {
    say(`getting PowerShell ${version} from NuGet: a download of 75 MB, then half a minute of compiling …`)
    const publish = ['publish', 'pwsh.csproj', `-p:PowerShellVersion=${version}`, '--output', made, '--artifacts-path', `${made}.build`]
    if (runtime !== undefined) publish.push('--runtime', runtime)
    try {
      // The compiler's package is not there for every platform. Without it each start takes three times as long.
      const compiled = await dotnet(publish)
      if (compiled.code === 0) return
      say('it could not be compiled ahead of time; taking it as it is …')
      await expectDotnet([...publish, '-p:PublishReadyToRun=false'])
    } finally {
      rmSync(`${made}.build`, {recursive: true, force: true})
    }
  })
  return path.join(folder, platform.startsWith('win') ? 'pwsh.exe' : 'pwsh')
}

/**
 * The path of the .NET tool's `pwsh` as `dotnet tool install` makes it: a program that starts PowerShell in a process of its own.
 * @returns {Promise<string>}
 */
export async function installedToolShim() {
  const folder = await installed(`tool-${version}`, made =>
    expectDotnet(['tool', 'install', 'PowerShell', '--version', version, '--tool-path', made])
  )
  return path.join(folder, process.platform === 'win32' ? 'pwsh.exe' : 'pwsh')
}

/**
 * A folder for `PSModulePath` that has Pester in it, in two versions.
 * @returns {Promise<string>}
 */
export function installedPester() {
  return installed(`modules-${hashOf('pwsh.csproj')}`, async made => {
    const build = ['build', 'pwsh.csproj', '-restore', '-t:CopyPester', `-p:PowerShellVersion=${version}`, `-p:ModulesFolder=${made}`]
    try {
      await expectDotnet([...build, `-p:ArtifactsPath=${made}.build`])
    } finally {
      rmSync(`${made}.build`, {recursive: true, force: true})
    }
  })
}

/** @param {string[]} files beside this one */
function hashOf(...files) {
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(path.join(here, file)))
  return hash.digest('hex').slice(0, 8)
}

/**
 * A folder of `.pwsh/`. If it is missing, it is created under another name first, so no process sees half of it.
 * @param {string} name
 * @param {(made: string) => Promise<unknown>} make
 */
async function installed(name, make) {
  const folder = path.join(target, name)
  if (existsSync(folder)) return folder
  mkdirSync(target, {recursive: true})
  const release = await lock(path.join(target, 'lock'))
  const made = `${folder}.${process.pid}`
  try {
    if (existsSync(folder)) return folder
    await expectSdk()
    await make(made)
    renameSync(made, folder)
    return folder
  } finally {
    rmSync(made, {recursive: true, force: true})
    release()
  }
}

async function expectSdk() {
  const {code, output} = await dotnet(['--list-sdks'])
  if (code === 0 && output.split('\n').some(line => Number.parseInt(line, 10) >= 10)) return
  throw new Error(
    'No PowerShell found. Install PowerShell 7.4 or later (https://aka.ms/powershell) so that `pwsh` is on PATH, ' +
      `or the .NET 10 SDK (https://dotnet.microsoft.com/download), with which PowerShell ${version} is taken from NuGet.`
  )
}

/** @param {string[]} args */
async function expectDotnet(args) {
  const {code, output} = await dotnet(args)
  if (code !== 0) throw new Error(`dotnet ${args.join(' ')}\nfailed:\n${output}`)
}

/**
 * @param {string[]} args
 * @returns {Promise<{code: number | null, output: string}>}
 */
function dotnet(args) {
  return new Promise(resolve => {
    const env = {
      ...process.env,
      DOTNET_CLI_TELEMETRY_OPTOUT: '1',
      DOTNET_NOLOGO: '1',
      // No build server that outlives the build.
      MSBUILDDISABLENODEREUSE: '1',
      DOTNET_CLI_USE_MSBUILD_SERVER: '0'
    }
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

/** @param {string} text */
function say(text) {
  process.stderr.write(`${text}\n`)
}

/**
 * Waits until no other process installs; the lock of a process that died is taken away.
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
