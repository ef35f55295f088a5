import {writeFileSync} from 'node:fs'
import path from 'node:path'
import type {Settings} from '../model/settings.ts'
import type {Task} from '../model/task.ts'
import {workerScripts} from '../powershell/scripts.ts'
import {inFile} from '../powershell/task-script.ts'
import {scriptTask} from './script-task.ts'

/** Name of the list script in messages, log blocks and log files. */
const listScriptName = 'tasks-script'

/** Settings that apply to the list script. */
export type ListScriptSettings = Pick<Settings, 'shell' | 'timeoutMs' | 'workingDirectory'>

/** The list script as a task. */
export interface ListScript {
  readonly task: Task
  /** Absolute path of the file with its entries after success: YAML in UTF-8, one entry on each line. */
  readonly entriesFile: string
}

/** Writes `script` into `folder` (absolute, empty) and creates the task that runs it. Throws file system errors. */
export function createListScript(
  script: string,
  settings: ListScriptSettings,
  folder: string,
  platform: NodeJS.Platform = process.platform
): ListScript {
  const scriptFile = path.join(folder, `${listScriptName}.ps1`)
  const entriesFile = path.join(folder, 'entries.yml')
  // With a byte order mark, without which Windows PowerShell reads the file as ANSI.
  writeFileSync(scriptFile, `\uFEFF${inFile([script], platform)}`)
  const {shell, timeoutMs, workingDirectory} = settings
  const task: Task = {
    ...scriptTask(listScriptName, {kind: 'file', path: workerScripts.entries}, {shell, timeoutMs, workingDirectory}),
    parameters: new Map([
      ['PwshPoolScript', scriptFile],
      ['PwshPoolEntries', entriesFile]
    ])
  }
  return {task, entriesFile}
}
