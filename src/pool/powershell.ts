import {randomUUID} from 'node:crypto'
import {existsSync, readFileSync, realpathSync} from 'node:fs'
import path from 'node:path'
import {which} from '@actions/io'
import parseArguments from 'string-argv'
import type {PowerShell} from '../event.ts'
import {failure, type Result, success} from '../result.ts'
import {processControl} from './end-processes.ts'
import {TaskProcess} from './task-process.ts'

const howToInstall = 'install PowerShell 7.2 or later (https://aka.ms/powershell), or name one with "shell"'

/**
 * Finds the PowerShell that `shell` names, and its version, for which it is asked where its files do not tell. `shell` is `pwsh`, `powershell`, a path, or a command line with
 * leading arguments; an existing path may have spaces. The error is one sentence that says what was looked for and what to do. With `signal`
 * what was asked is ended, and the result means nothing.
 */
export async function findPowerShell(
  shell: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal = new AbortController().signal
): Promise<Result<PowerShell, string>> {
  if (shell.includes('{0}'))
    return failure(`shell: got "${shell}"; leave out "{0}" and what comes after it, the pool adds its own arguments`)
  const [command = shell, ...leadingArguments] = existsSync(shell) ? [shell] : parseArguments(shell)
  const found = path.isAbsolute(command) ? existing(command) : await which(command, false)
  if (found === '') return failure(`shell: "${command}" was not found ${searched(command, environment)}; ${howToInstall}`)
  const file = path.resolve(found)
  const version = leadingArguments.length === 0 ? installedVersion(file) : undefined
  return version !== undefined && isSupported(version)
    ? success({command: file, leadingArguments, edition: 'pwsh', version})
    : probe(file, leadingArguments, signal)
}

/**
 * The version of the engine that stands beside the program in the list of what it consists of: to read it takes no time, where to ask takes half as
 * long as to start a worker. `undefined` where there is no such list, as for a dotnet tool or a script that starts PowerShell.
 * Source: PowerShell/PowerShell, src/System.Management.Automation, as `dotnet publish` lists it.
 */
function installedVersion(command: string): string | undefined {
  try {
    const {dir, name} = path.parse(realpathSync(command))
    const list = name === 'pwsh' ? readFileSync(path.join(dir, 'pwsh.deps.json'), 'utf8') : ''
    return /"System\.Management\.Automation\/(\d+\.\d+\.[^"]+)"/.exec(list)?.[1]
  } catch {
    return undefined
  }
}

function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 7 || (major === 7 && minor >= 2)
}

const existing = (command: string): string => (existsSync(command) ? command : '')

function searched(command: string, environment: NodeJS.ProcessEnv): string {
  return path.basename(command) === command ? `on PATH (${environment.PATH ?? 'which is empty'})` : 'there'
}

async function probe(command: string, leadingArguments: readonly string[], signal: AbortSignal): Promise<Result<PowerShell, string>> {
  // Answers at once, where a script would have to wait for the whole of PowerShell to start.
  const quick = await output(command, [...leadingArguments, '-Version'], signal)
  const version = quick.ok ? /^PowerShell (\d+\.\d+\.\S+)/m.exec(quick.value)?.[1] : undefined
  if (version === undefined) return probeByScript(command, leadingArguments, signal)
  if (!isSupported(version)) return failure(`shell: ${command} is PowerShell ${version}, which is too old; ${howToInstall}`)
  return success({command, leadingArguments, edition: 'pwsh', version})
}

/** Windows PowerShell, which takes `-Version` for something else; and what is no PowerShell at all. */
async function probeByScript(
  command: string,
  leadingArguments: readonly string[],
  signal: AbortSignal
): Promise<Result<PowerShell, string>> {
  const ask = ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', '$PSVersionTable.PSEdition + [char]32 + $PSVersionTable.PSVersion']
  const answer = await output(command, [...leadingArguments, ...ask], signal)
  if (!answer.ok) return failure(`shell: ${command} could not be started: ${answer.error}; ${howToInstall}`)
  const version = /^Desktop (\d+\.\d+\S*)/m.exec(answer.value)?.[1]
  if (version !== undefined) return success({command, leadingArguments, edition: 'powershell', version})
  return failure(`shell: ${command} is not a PowerShell: asked for its version, it said "${firstLine(answer.value)}"; ${howToInstall}`)
}

async function output(command: string, args: string[], signal: AbortSignal): Promise<Result<string, string>> {
  const printed = {stdout: '', stderr: ''}
  const [name, value] = ['PWSH_POOL_PROBE', randomUUID()]
  const asked = {
    command,
    arguments: args,
    environment: {...process.env, [name]: value},
    workingDirectory: process.cwd(),
    mark: `${name}=${value}`
  }
  const program = new TaskProcess(asked, processControl, (stream, chunk) => {
    printed[stream] += chunk.toString()
    return undefined
  })
  const kill = () => program.kill()
  signal.addEventListener('abort', kill)
  if (signal.aborted) kill()
  const end = await program.completed
  signal.removeEventListener('abort', kill)
  if (end.reason === 'not-started') return failure(end.message)
  return success(printed.stdout.trim() === '' ? printed.stderr : printed.stdout)
}

const firstLine = (text: string): string => text.trim().split(/\r?\n/, 1)[0]?.slice(0, 200) ?? ''
