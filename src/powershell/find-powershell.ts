import {randomUUID} from 'node:crypto'
import {readFileSync, realpathSync} from 'node:fs'
import path from 'node:path'
import parseArguments from 'string-argv'
import type {PowerShell} from '../model/event.ts'
import {failure, type Result, success} from '../model/result.ts'
import {unreachable} from '../model/unreachable.ts'
import {type ProcessControl, processControl} from '../process/process-control.ts'
import type {ProgramFailure} from '../process/run-program.ts'
import {findProgram, isExistingPath, type NoProgram, type ProgramSearch} from './find-program.ts'
import {probeProgram} from './probe-program.ts'
import {dllBehindShim} from './tool-shim.ts'

const howToInstall = 'install PowerShell 7.2 or later (https://aka.ms/powershell), or name one with "shell"'

/** Where to search for PowerShell. */
export interface PowerShellSearch extends Omit<ProgramSearch, 'folder'> {
  /** Absolute; base of a relative path in `shell`. */
  readonly workspace: string
  /** Aborts the search: probed programs are ended, and the result must not be used. */
  readonly signal?: AbortSignal
}

/**
 * Finds the PowerShell that `shell` names, and its version, which is read from its files if possible; otherwise PowerShell is run. `shell` is `pwsh`,
 * `powershell`, a path, or a command line with leading arguments; an existing path may contain spaces. The error is one sentence that says what was
 * searched for and what to do.
 */
export async function findPowerShell(shell: string, search: PowerShellSearch): Promise<Result<PowerShell, string>> {
  const {workspace, platform, signal = new AbortController().signal} = search
  if (shell.includes('{0}'))
    return failure(`shell: got "${shell}"; leave out "{0}" and what comes after it, the pool adds its own arguments`)
  if (shell.includes('\0')) return failure(`shell: got ${JSON.stringify(shell)}; a command line can have no NUL in it`)
  const [command = shell, ...leadingArguments] = isExistingPath(shell, workspace, platform) ? [shell] : parseArguments(shell)
  const found = findProgram(command, {...search, folder: workspace})
  if (!found.ok) return failure(`shell: ${noProgramText(command, found.error, search)}; ${howToInstall}`)
  const file = found.value
  const known = behindShim(file, leadingArguments, search) ?? installed(file, leadingArguments)
  return known === undefined ? identify(file, leadingArguments, signal) : success(known)
}

/** The PowerShell that the `pwsh` of a .NET tool starts. That `pwsh` is only a starter, which does not pass signals on. */
function behindShim(shim: string, leadingArguments: readonly string[], search: PowerShellSearch): PowerShell | undefined {
  const dll = dllBehindShim(shim, search.platform)
  if (dll === undefined) return undefined
  const version = engineVersion(path.dirname(dll))
  const dotnet = findProgram('dotnet', {...search, folder: search.workspace})
  if (version === undefined || !isSupported(version) || !dotnet.ok) return undefined
  return {command: dotnet.value, leadingArguments: [dll, ...leadingArguments], edition: 'pwsh', version}
}

/** A PowerShell whose version can be read from the files beside it. */
function installed(command: string, leadingArguments: readonly string[]): PowerShell | undefined {
  if (leadingArguments.length > 0) return undefined
  const {dir, name} = path.parse(linkedFile(command) ?? '')
  const version = name === 'pwsh' ? engineVersion(dir) : undefined
  return version !== undefined && isSupported(version) ? {command, leadingArguments, edition: 'pwsh', version} : undefined
}

/**
 * The version in the dependency list beside a PowerShell. Reading it is free; running PowerShell for it takes half as long as starting a worker.
 * `undefined` if there is no such list, for example beside a script that starts PowerShell.
 * Source: PowerShell/PowerShell, src/System.Management.Automation, as `dotnet publish` lists it.
 */
function engineVersion(folder: string): string | undefined {
  try {
    const list = readFileSync(path.join(folder, 'pwsh.deps.json'), 'utf8')
    return /"System\.Management\.Automation\/(\d+\.\d+\.[^"]+)"/.exec(list)?.[1]
  } catch {
    return undefined
  }
}

function linkedFile(file: string): string | undefined {
  try {
    return realpathSync(file)
  } catch {
    return undefined
  }
}

function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 7 || (major === 7 && minor >= 2)
}

function noProgramText(command: string, why: NoProgram, {workspace}: PowerShellSearch): string {
  switch (why.reason) {
    case 'not-on-path':
      return `"${command}" was not found on PATH (${why.searched || 'which is empty'})`
    case 'missing':
      return path.isAbsolute(command) ? `there is no file "${command}"` : `there is no file "${command}" in the workspace (${workspace})`
    case 'folder':
      return `"${command}" is a folder`
    case 'not-executable':
      return `${why.file} may not be executed`
    case 'batch-file':
      return `${why.file} is a batch file, through which arguments cannot pass unchanged; name the program that it starts`
    default:
      return unreachable(why)
  }
}

async function identify(command: string, leadingArguments: readonly string[], signal: AbortSignal): Promise<Result<PowerShell, string>> {
  // PowerShell 7 answers `-Version` at once; a script would wait until all of PowerShell has started.
  const quick = await probe(command, [...leadingArguments, '-Version'], signal)
  const version = quick.ok ? /^PowerShell (\d+\.\d+\.\S+)/m.exec(quick.value)?.[1] : undefined
  if (version !== undefined) {
    if (!isSupported(version)) return failure(`shell: ${command} is PowerShell ${version}, which is too old; ${howToInstall}`)
    return success({command, leadingArguments, edition: 'pwsh', version})
  }
  // In Windows PowerShell `-Version` means something else.
  const answer = quick.ok ? await probe(command, [...leadingArguments, ...versionScript], signal) : quick
  if (!answer.ok) return failure(`shell: ${command} ${failureText(answer.error)}; ${howToInstall}`)
  const windowsVersion = /^Desktop (\d+\.\d+\S*)/m.exec(answer.value)?.[1]
  if (windowsVersion !== undefined) return success({command, leadingArguments, edition: 'powershell', version: windowsVersion})
  return failure(`shell: ${command} is not a PowerShell: asked for its version, it said "${firstLine(answer.value)}"; ${howToInstall}`)
}

const versionScript = [
  '-NoLogo',
  '-NoProfile',
  '-NonInteractive',
  '-Command',
  '$PSVersionTable.PSEdition + [char]32 + $PSVersionTable.PSVersion'
] as const

/** Time limit for a program to print its version, in milliseconds. */
const timeLimitMs = 10_000

/** The output of a program, which is ended at the time limit or when `signal` is aborted. */
async function probe(program: string, args: readonly string[], signal: AbortSignal): Promise<Result<string, ProgramFailure>> {
  const [name, value] = ['PWSH_POOL_PROBE', randomUUID()]
  const answer = await probeProgram({program, arguments: args, environment: {...process.env, [name]: value}, timeLimitMs, signal})
  if (answer.ok) return success(answer.value.stdout.trim() === '' ? answer.value.stderr : answer.value.stdout)
  if (answer.error.reason !== 'not-started') await endMarked(`${name}=${value}`, processControl)
  return answer
}

/** Kills the processes with this mark in their environment, as far as the platform lists them. */
async function endMarked(mark: string, {listProcesses, kill}: ProcessControl): Promise<void> {
  for (const {pid, isMarked} of await listProcesses(mark)) {
    // It may have ended by now.
    try {
      if (isMarked) kill(pid, 'SIGKILL')
    } catch {}
  }
}

function failureText(why: ProgramFailure): string {
  switch (why.reason) {
    case 'not-started':
      return `could not be started: ${why.message}`
    case 'timed-out':
      return `did not print its version within ${why.timeLimitMs / 1000} s`
    case 'cancelled':
      return 'was asked for its version until the run was cancelled'
    default:
      return unreachable(why)
  }
}

const firstLine = (text: string): string => text.trim().split(/\r?\n/, 1)[0]?.slice(0, 200) ?? ''
