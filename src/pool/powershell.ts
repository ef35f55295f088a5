import {existsSync} from 'node:fs'
import path from 'node:path'
import {getExecOutput} from '@actions/exec'
import {which} from '@actions/io'
import parseArguments from 'string-argv'
import type {PowerShell} from '../event.ts'
import {failure, type Result, success} from '../result.ts'

const howToInstall = 'install PowerShell 7.2 or later (https://aka.ms/powershell), or name one with "shell"'

/**
 * Finds the PowerShell that `shell` names, and asks it for its version. `shell` is `pwsh`, `powershell`, a path, or a command line with
 * leading arguments; an existing path may have spaces. The error is one sentence that says what was looked for and what to do.
 */
export async function findPowerShell(shell: string, environment: NodeJS.ProcessEnv): Promise<Result<PowerShell, string>> {
  if (shell.includes('{0}'))
    return failure(`shell: got "${shell}"; leave out "{0}" and what comes after it, the pool adds its own arguments`)
  const [command = shell, ...leadingArguments] = existsSync(shell) ? [shell] : parseArguments(shell)
  const found = path.isAbsolute(command) ? existing(command) : await which(command, false)
  if (found === '') return failure(`shell: "${command}" was not found ${searched(command, environment)}; ${howToInstall}`)
  return probe(path.resolve(found), leadingArguments)
}

const existing = (command: string): string => (existsSync(command) ? command : '')

function searched(command: string, environment: NodeJS.ProcessEnv): string {
  return path.basename(command) === command ? `on PATH (${environment.PATH ?? 'which is empty'})` : 'there'
}

async function probe(command: string, leadingArguments: readonly string[]): Promise<Result<PowerShell, string>> {
  // Answers at once, where a script would have to wait for the whole of PowerShell to start.
  const quick = await output(command, [...leadingArguments, '-Version'])
  const version = quick.ok ? /^PowerShell (\d+\.\d+\.\S+)/m.exec(quick.value)?.[1] : undefined
  if (version === undefined) return probeByScript(command, leadingArguments)
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < 7 || (major === 7 && minor < 2))
    return failure(`shell: ${command} is PowerShell ${version}, which is too old; ${howToInstall}`)
  return success({command, leadingArguments, edition: 'pwsh', version})
}

/** Windows PowerShell, which takes `-Version` for something else; and what is no PowerShell at all. */
async function probeByScript(command: string, leadingArguments: readonly string[]): Promise<Result<PowerShell, string>> {
  const ask = ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', '$PSVersionTable.PSEdition + [char]32 + $PSVersionTable.PSVersion']
  const answer = await output(command, [...leadingArguments, ...ask])
  if (!answer.ok) return failure(`shell: ${command} could not be started: ${answer.error}; ${howToInstall}`)
  const version = /^Desktop (\d+\.\d+\S*)/m.exec(answer.value)?.[1]
  if (version !== undefined) return success({command, leadingArguments, edition: 'powershell', version})
  return failure(`shell: ${command} is not a PowerShell: asked for its version, it said "${firstLine(answer.value)}"; ${howToInstall}`)
}

async function output(command: string, args: string[]): Promise<Result<string, string>> {
  try {
    const {stdout, stderr} = await getExecOutput(`"${command}"`, args, {silent: true, ignoreReturnCode: true})
    return success(stdout.trim() === '' ? stderr : stdout)
  } catch (error) {
    return failure((error as Error).message)
  }
}

const firstLine = (text: string): string => text.trim().split(/\r?\n/, 1)[0]?.slice(0, 200) ?? ''
