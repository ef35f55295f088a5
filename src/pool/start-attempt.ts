import {mkdirSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import type {PowerShell} from '../event.ts'
import type {Task} from '../task.ts'
import type {RunningAttempt, StartAttempt} from './pool.ts'
import type {ProcessControl} from './process-group.ts'
import {type Environment, taskEnvironment} from './task-environment.ts'
import {TaskOutput} from './task-output.ts'
import {TaskProcess} from './task-process.ts'
import {powershellArguments, renderTaskScript} from './task-script.ts'

/** What every attempt of a run shares. */
export interface AttemptContext {
  /** By the `shell` of a task; one for each that occurs. */
  readonly powershells: ReadonlyMap<string, PowerShell>
  /** The environment of the step. */
  readonly environment: Environment
  /** An own folder of the run, absolute; each attempt has a folder in it while it runs. */
  readonly folder: string
  readonly control: ProcessControl
}

/** Attempts that are a fresh PowerShell process each: `isolation: process`. */
export function startInProcess(context: AttemptContext): StartAttempt {
  return (task, number, worker) => {
    const folder = path.join(context.folder, `task-${task.id}.${number}`)
    const output = new TaskOutput(`${folder}.output`)
    try {
      return startProcess({task, number, worker, folder}, output, context)
    } catch (error) {
      // A full disk, an environment that is too large for the system: this task's failure, not the run's.
      const message = error instanceof Error ? error.message : String(error)
      removeFolder(folder)
      return {completed: Promise.resolve({end: {reason: 'not-started', message}, output}), end: () => {}, kill: () => {}}
    }
  }
}

interface Assignment {
  readonly task: Task
  readonly number: number
  readonly worker: number
  readonly folder: string
}

function startProcess({task, number, worker, folder}: Assignment, output: TaskOutput, context: AttemptContext): RunningAttempt {
  const {platform} = context.control
  const powershell = context.powershells.get(task.shell)
  if (powershell === undefined) throw new Error(`Internal error: nobody looked for the shell "${task.shell}"`)
  const temporaryFolder = path.join(folder, 'temp')
  mkdirSync(temporaryFolder, {recursive: true})
  const taskFile = writeTaskFiles(task, folder, powershell, platform)
  const process = new TaskProcess(
    {
      command: powershell.command,
      arguments: [...powershell.leadingArguments, ...powershellArguments(taskFile, platform)],
      environment: taskEnvironment(context.environment, task, {attempt: number, worker, temporaryFolder}, platform),
      workingDirectory: task.workingDirectory
    },
    context.control,
    (stream, chunk) => output.append(stream, chunk)
  )
  const completed = process.completed.then(end => {
    output.finish()
    removeFolder(folder)
    return {end, output}
  })
  return {completed, end: () => process.end(), kill: () => process.kill()}
}

function writeTaskFiles(task: Task, folder: string, powershell: PowerShell, platform: NodeJS.Platform): string {
  // Windows PowerShell reads a file without a byte order mark as ANSI.
  const byteOrderMark = powershell.edition === 'powershell' ? '\uFEFF' : ''
  const taskFile = path.join(folder, 'task.ps1')
  const scriptFile = path.join(folder, 'script.ps1')
  const text = renderTaskScript(task, scriptFile, platform)
  writeFileSync(taskFile, byteOrderMark + text.task)
  if (text.script !== undefined) writeFileSync(scriptFile, byteOrderMark + text.script)
  return taskFile
}

// A process that the task left behind may still write into the folder; the run's own folder is removed at the end once more.
function removeFolder(folder: string): void {
  try {
    rmSync(folder, {recursive: true, force: true})
  } catch {}
}
