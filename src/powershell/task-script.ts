import type {PowerShell} from '../model/event.ts'
import type {Task, Value, ValueMap} from '../model/task.ts'
import {powershellLiteral} from './powershell-literal.ts'
import {workerScripts} from './scripts.ts'

/**
 * The text that the runner puts around a `shell: pwsh` step, so a task means what the same text means there.
 * Source: actions/runner, src/Runner.Worker/Handlers/ScriptHandlerHelpers.cs.
 */
const prologue = "$ErrorActionPreference = 'stop'"
const epilogue = 'if ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }'

/** The script files of one attempt: the task file that PowerShell runs, and the script that it calls if `run` is a script of its own. */
export interface TaskScriptFiles {
  readonly task: string
  readonly script: string | undefined
}

/**
 * Renders the script files of a task. Script text without parameters is in the task file, as in a step; with `parameters` or `arguments` it is a
 * script of its own at `scriptPath`, so that `param(…)` may begin it. `needs` becomes `$needs`, with the objects in `neededObjects`: the file of
 * `needs-objects.ps1`.
 */
export function renderTaskScript(
  task: Task,
  scriptPath: string,
  needs: ValueMap | undefined,
  platform: NodeJS.Platform,
  neededObjects?: string
): TaskScriptFiles {
  const {script} = task
  // On the prologue's own line, so that errors name the line that they would have in a step.
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
 * Lines that add `$needs.a_b` for each id with a hyphen (`$needs.a-b` is a subtraction), unless that id exists. They are properties, not keys, so
 * `$needs` lists each need once.
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
 * The text of a script file for this edition. Windows PowerShell reads a file without a byte order mark as ANSI, and gets Windows line ends, as from
 * the runner.
 */
export function scriptFile(text: string, edition: PowerShell['edition']): string {
  return edition === 'powershell' ? `\uFEFF${text.replace(/\r?\n/g, '\r\n')}` : text
}

/** Joins lines for a script file. On Windows the runner writes Windows line ends, which here-strings keep. */
export function inFile(lines: readonly string[], platform: NodeJS.Platform): string {
  const text = lines.join('\n')
  return platform === 'win32' ? text.replace(/\r?\n/g, '\r\n') : text
}
