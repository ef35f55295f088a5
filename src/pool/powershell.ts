import {randomUUID} from 'node:crypto'
import {existsSync, readFileSync, realpathSync} from 'node:fs'
import path from 'node:path'
import {which} from '@actions/io'
import parseArguments from 'string-argv'
import type {PowerShell} from '../event.ts'
import {failure, type Result, success} from '../result.ts'
import {unreachable} from '../unreachable.ts'
import type {NoAnswer} from './ask-program.ts'
import {type ProcessControl, processControl} from './end-processes.ts'
import {tryProgram} from './try-program.ts'

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
  const quick = await ask(command, [...leadingArguments, '-Version'], signal)
  const version = quick.ok ? /^PowerShell (\d+\.\d+\.\S+)/m.exec(quick.value)?.[1] : undefined
  if (version !== undefined) {
    if (!isSupported(version)) return failure(`shell: ${command} is PowerShell ${version}, which is too old; ${howToInstall}`)
    return success({command, leadingArguments, edition: 'pwsh', version})
  }
  // Windows PowerShell takes `-Version` for something else.
  const answer = quick.ok ? await ask(command, [...leadingArguments, ...askByScript], signal) : quick
  if (!answer.ok) return failure(`shell: ${command} ${noAnswerText(answer.error)}; ${howToInstall}`)
  const windowsVersion = /^Desktop (\d+\.\d+\S*)/m.exec(answer.value)?.[1]
  if (windowsVersion !== undefined) return success({command, leadingArguments, edition: 'powershell', version: windowsVersion})
  return failure(`shell: ${command} is not a PowerShell: asked for its version, it said "${firstLine(answer.value)}"; ${howToInstall}`)
}

const askByScript = [
  '-NoLogo',
  '-NoProfile',
  '-NonInteractive',
  '-Command',
  '$PSVersionTable.PSEdition + [char]32 + $PSVersionTable.PSVersion'
] as const

/** How long a program may take to tell its version, in milliseconds. */
const timeLimitMs = 10_000

/** What the program printed. What has not answered in time, or when `signal` is aborted, is ended. */
async function ask(program: string, args: readonly string[], signal: AbortSignal): Promise<Result<string, NoAnswer>> {
  const [name, value] = ['PWSH_POOL_PROBE', randomUUID()]
  const answer = await tryProgram({program, arguments: args, environment: {...process.env, [name]: value}, timeLimitMs, signal})
  if (answer.ok) return success(answer.value.stdout.trim() === '' ? answer.value.stderr : answer.value.stdout)
  if (answer.error.reason !== 'not-started') await endMarked(`${name}=${value}`, processControl)
  return answer
}

/** Ends the processes that carry this mark, as far as the platform lists them: what is still asked has nothing to lose. */
async function endMarked(mark: string, {listProcesses, kill}: ProcessControl): Promise<void> {
  for (const {pid, isMarked} of await listProcesses(mark)) {
    // It may be over by now.
    try {
      if (isMarked) kill(pid, 'SIGKILL')
    } catch {}
  }
}

function noAnswerText(why: NoAnswer): string {
  switch (why.reason) {
    case 'not-started':
      return `could not be started: ${why.message}`
    case 'timed-out':
      return `did not tell its version within ${why.timeLimitMs / 1000} s`
    case 'cancelled':
      return 'was asked for its version until the run was cancelled'
    default:
      return unreachable(why)
  }
}

const firstLine = (text: string): string => text.trim().split(/\r?\n/, 1)[0]?.slice(0, 200) ?? ''
