import type {ModuleToImport} from '../model/settings.ts'
import type {Isolation} from '../model/task.ts'
import {powershellLiteral} from '../powershell/powershell-literal.ts'
import {workerScripts} from '../powershell/scripts.ts'

const lastExitCode = "$ExecutionContext.SessionState.PSVariable.GetValue('LASTEXITCODE')"

/** Isolations with warm workers. */
export type WarmIsolation = Exclude<Isolation, 'process' | 'thread'>

/** Scripts of a worker, by absolute path. */
export interface WorkerCommandOptions {
  readonly modules: readonly ModuleToImport[]
  readonly setupFile: string | undefined
  readonly control: {readonly platform: NodeJS.Platform}
}

/**
 * Arguments with which PowerShell boots, waits for its task, runs the task file as a `shell: pwsh` step would, and exits with the exact exit code.
 * The `-command ". 'file'"` of a step exits with 0 or 1 only; `-File` would lose tables that are still being formatted. The command is one physical
 * line, because PowerShell shows errors in longer commands with a position. No task can redefine anything in it. `objectsFile`: where the objects of
 * the task are kept; `undefined` if it keeps none.
 */
export function workerArguments(taskFile: string, options: WorkerCommandOptions, objectsFile?: string): readonly string[] {
  const {modules, setupFile, control} = options
  const isBooted = modules.length > 0 || control.platform === 'win32'
  const command = [
    ...(isBooted ? [`& ${powershellLiteral(workerScripts.boot)} ${modulesLiteral(modules)}`] : []),
    ...(setupFile === undefined ? [] : [`. ${powershellLiteral(setupFile)}`, 'if (-not $?) { [Environment]::Exit(1) }']),
    ...(printsBeforeTask(options) ? [`& ${powershellLiteral(workerScripts.mark)}`] : []),
    `& ${powershellLiteral(workerScripts.ready)}`,
    `. ${powershellLiteral(taskFile)}${objectsFile === undefined ? '' : ` | & (& ${powershellLiteral(workerScripts.objects)}) ${powershellLiteral(objectsFile)}`}`,
    `if ($?) { } else { $Host.SetShouldExit(${exitCode(control.platform)}) }`
  ].join('; ')
  return ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', command]
}

/** Arguments for PowerShell to be a warm worker. */
export function warmWorkerArguments(isolation: WarmIsolation, {modules, setupFile}: WorkerCommandOptions): readonly string[] {
  const parts = [powershellLiteral(workerScripts.warm), powershellLiteral(isolation), modulesLiteral(modules)]
  const command = ['&', ...parts, ...(setupFile === undefined ? [] : [powershellLiteral(setupFile)])].join(' ')
  return ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', command]
}

/** Whether modules or setup run before a task, so that the output of the task begins at a mark. */
export function printsBeforeTask({modules, setupFile}: Pick<WorkerCommandOptions, 'modules' | 'setupFile'>): boolean {
  return modules.length > 0 || setupFile !== undefined
}

// On Unix an exit code has eight bits: a code whose low bits are 0 would look like a success.
function exitCode(platform: NodeJS.Platform): string {
  const isFailure = platform === 'win32' ? `${lastExitCode} -ne 0` : `${lastExitCode} -band 255`
  return `$(if (${lastExitCode} -is [int] -and (${isFailure})) { ${lastExitCode} } else { 1 })`
}

/** The modules as a PowerShell literal: names as strings, versions in hashtables. */
export function modulesLiteral(modules: readonly ModuleToImport[]): string {
  const specifications = modules.map(({name, version}) =>
    version === undefined
      ? name
      : new Map([
          ['ModuleName', name],
          ['RequiredVersion', version]
        ])
  )
  return powershellLiteral(specifications)
}
