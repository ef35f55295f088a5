import type {Task} from '../task.ts'
import {powershellLiteral} from './powershell-literal.ts'

/**
 * The text that the runner itself puts around a `shell: pwsh` step, so that a task means what the same text means there.
 * Source: actions/runner, src/Runner.Worker/Handlers/ScriptHandlerHelpers.cs.
 */
const prologue = "$ErrorActionPreference = 'stop'"
const epilogue = 'if ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }'

/** The files of one attempt: what PowerShell is told to run, and the script that this calls where `run` is a script of its own. */
export interface TaskScriptFiles {
  readonly task: string
  readonly script: string | undefined
}

/**
 * The text of a task's files. Script text without parameters stands in the task file itself, as a step's does; with `parameters` or
 * `arguments` it is a script of its own, at `scriptPath`, so that `param(…)` may begin it.
 */
export function renderTaskScript(task: Task, scriptPath: string, platform: NodeJS.Platform): TaskScriptFiles {
  const {script} = task
  const item = task.item === undefined ? '' : `; $_ = ${powershellLiteral(task.item)}`
  const start = `${prologue}${item}`
  if (script.kind === 'run' && task.parameters === undefined && task.arguments === undefined) {
    return {task: inFile([start, script.text, epilogue], platform), script: undefined}
  }
  const isFile = script.kind === 'file'
  const call = callWithArguments(isFile ? script.path : scriptPath, task)
  return {
    task: inFile([start, ...call, epilogue], platform),
    script: isFile ? undefined : inFile([script.text], platform)
  }
}

function callWithArguments(path: string, task: Task): string[] {
  const assignments: string[] = []
  let call = `& ${powershellLiteral(path)}`
  if (task.parameters !== undefined) {
    assignments.push(`$PwshPoolParameters = ${powershellLiteral(task.parameters)}`)
    call += ' @PwshPoolParameters'
  }
  if (task.arguments !== undefined) {
    assignments.push(`$PwshPoolArguments = ${powershellLiteral(task.arguments)}`)
    call += ' @PwshPoolArguments'
  }
  return [...assignments, call]
}

// The runner gives a script Windows line ends on Windows, so here-strings have the same there.
function inFile(lines: readonly string[], platform: NodeJS.Platform): string {
  const text = lines.join('\n')
  return platform === 'win32' ? text.replace(/\r?\n/g, '\r\n') : text
}

const lastExitCode = "$ExecutionContext.SessionState.PSVariable.GetValue('LASTEXITCODE')"

/**
 * The arguments that make PowerShell run the task file as a step would and end with the true exit code. A step's own
 * `-command ". 'file'"` says only 0 or 1; `-File` would tell the code but lose tables that are still being formatted when the task ends.
 * It is one physical line, because PowerShell shows errors of a longer command with a position. Nothing in it can be redefined by the task.
 */
export function powershellArguments(taskFile: string, platform: NodeJS.Platform): readonly string[] {
  const isFailure = platform === 'win32' ? `${lastExitCode} -ne 0` : `${lastExitCode} -band 255`
  const exitCode = `$(if (${lastExitCode} -is [int] -and (${isFailure})) { ${lastExitCode} } else { 1 })`
  const command = `. ${powershellLiteral(taskFile)}; if ($?) { } else { $Host.SetShouldExit(${exitCode}) }`
  return ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', command]
}
