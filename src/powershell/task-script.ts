import type {PowerShell} from '../model/event.ts'
import type {Task, Value, ValueMap} from '../model/task.ts'
import {powershellLiteral} from './powershell-literal.ts'
import {workerScripts} from './scripts.ts'

/**
 * The text that the runner puts around the script of a `shell: pwsh` step. A task gets the same, so its script behaves as in a step.
 * Source: actions/runner, src/Runner.Worker/Handlers/ScriptHandlerHelpers.cs.
 */
const prologue = "$ErrorActionPreference = 'stop'"
const epilogue = 'if ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }'

/** The script files of one attempt: the task file that PowerShell runs, and, if `run` gets parameters, the script that the task file calls. */
export interface TaskScriptFiles {
  readonly task: string
  readonly script: string | undefined
}

/**
 * Renders the script files of a task. Script text without parameters is part of the task file, as in a step. With `parameters` or `arguments` it is a
 * separate script at `scriptPath`, so that it can begin with `param(…)`. `needs` becomes `$needs`. `neededObjects`: the file with the objects in it,
 * for `needs-objects.ps1`.
 */
export function renderTaskScript(
  task: Task,
  scriptPath: string,
  needs: ValueMap | undefined,
  platform: NodeJS.Platform,
  neededObjects?: string
): TaskScriptFiles {
  const {script} = task
  // On the line of the prologue, so that errors have the same line number as in a step.
  const objects =
    neededObjects === undefined ? [] : [`& ${powershellLiteral(workerScripts.needsObjects)} $needs ${powershellLiteral(neededObjects)}`]
  const start = [prologue, ...assignment('_', task.item), ...assignment('needs', needs), ...objects, ...aliases(needs)].join('; ')
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

function assignment(variable: string, value: Value | undefined): string[] {
  return value === undefined ? [] : [`$${variable} = ${powershellLiteral(value)}`]
}

/**
 * Lines that add `$needs.a_b` for each id with a hyphen, because `$needs.a-b` is a subtraction; skipped if that id exists. They are properties, not
 * keys, so `$needs` lists each need once.
 */
function aliases(needs: ValueMap | undefined): string[] {
  const ids = [...(needs?.keys() ?? [])]
  const counts = new Map<string, number>()
  const nameOf = (id: string) => id.replaceAll('-', '_').toLowerCase()
  for (const id of ids) counts.set(nameOf(id), (counts.get(nameOf(id)) ?? 0) + 1)
  return ids
    .filter(id => id.includes('-') && counts.get(nameOf(id)) === 1)
    .map(id => `$needs.psobject.Properties.Add([psnoteproperty]::new('${id.replaceAll('-', '_')}', $needs['${id}']))`)
}

function callWithArguments(path: string, task: Task): string[] {
  const assignments = [...assignment('PwshPoolParameters', task.parameters), ...assignment('PwshPoolArguments', task.arguments)]
  const splats = [task.parameters && '@PwshPoolParameters', task.arguments && '@PwshPoolArguments'].filter(splat => splat !== undefined)
  return [...assignments, ['&', powershellLiteral(path), ...splats].join(' ')]
}

/**
 * The text of a script file for this edition. For Windows PowerShell it gets a byte order mark, without which it is read as ANSI, and Windows line
 * ends, as from the runner.
 */
export function scriptFile(text: string, edition: PowerShell['edition']): string {
  return edition === 'powershell' ? `\uFEFF${text.replace(/\r?\n/g, '\r\n')}` : text
}

/** Joins lines for a script file. Windows line ends on Windows, as from the runner; here-strings keep them. */
export function inFile(lines: readonly string[], platform: NodeJS.Platform): string {
  const text = lines.join('\n')
  return platform === 'win32' ? text.replace(/\r?\n/g, '\r\n') : text
}
