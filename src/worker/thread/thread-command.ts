import type {PowerShell} from '../../model/event.ts'
import {powershellLiteral} from '../../powershell/powershell-literal.ts'
import {workerAssembly} from '../../powershell/scripts.ts'
import {quoted} from '../../text/quoted.ts'
import {modulesLiteral, type WorkerCommandOptions} from '../worker-command.ts'

/** Why this PowerShell cannot run several tasks at a time; `undefined` if it can. */
export function threadObjection(shell: string, {edition, version}: PowerShell): string | undefined {
  if (edition === 'pwsh') return undefined
  return `isolation "thread" needs PowerShell 7, and the shell ${quoted(shell)} is Windows PowerShell ${version}: use isolation "runspace" or "none" there`
}

const refusal =
  'Isolation "thread" needs an assembly, which this system does not allow PowerShell to load (language mode "{0}"): use another isolation'

/** Arguments with which PowerShell becomes a worker that runs several tasks at a time. `slots`: number of slots to open at once, from 1. */
export function threadWorkerArguments({modules, setupFile}: WorkerCommandOptions, slots: number): readonly string[] {
  const parts = ['$Host', '$PROFILE', '$PSHOME', '$PID', `@(${modulesLiteral(modules)})`, powershellLiteral(setupFile ?? ''), String(slots)]
  // Statements that a restricted language mode allows come first.
  const command = [
    `if ("$($ExecutionContext.SessionState.LanguageMode)" -ne 'FullLanguage') { throw (${powershellLiteral(refusal)} -f $ExecutionContext.SessionState.LanguageMode) }`,
    `$null = [Reflection.Assembly]::LoadFrom(${powershellLiteral(workerAssembly)})`,
    `[PwshPool.Worker]::Run(${parts.join(', ')})`
  ].join('; ')
  return ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', command]
}
