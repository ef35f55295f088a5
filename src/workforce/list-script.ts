import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {defaultSuccessCodes} from '../model/exit-code.ts'
import {noRetry, type Settings} from '../model/settings.ts'
import type {Task} from '../model/task.ts'
import {workerScripts} from '../powershell/scripts.ts'
import {inFile} from '../powershell/task-script.ts'

/** What mistakes in the list, blocks of the log and logs name the script that makes the list by. */
export const listScriptName = 'tasks-script'

/** What of the settings the script is run by. */
export type ListScriptSettings = Pick<Settings, 'shell' | 'timeoutMs' | 'workingDirectory'>

/** The script that makes the list, ready to be run as any task is. */
export interface ListScript {
  readonly task: Task
  /** Where its entries are once it has succeeded, absolute: YAML in UTF-8, an entry on each line. */
  readonly entriesFile: string
}

/** Writes `script` into `folder`, which is empty and absolute, and makes the task that runs it. Throws what the file system throws. */
export function createListScript(
  script: string,
  settings: ListScriptSettings,
  folder: string,
  platform: NodeJS.Platform = process.platform
): ListScript {
  const scriptFile = path.join(folder, `${listScriptName}.ps1`)
  const entriesFile = path.join(folder, 'entries.yml')
  // With the mark, without which Windows PowerShell takes the file for ANSI.
  writeFileSync(scriptFile, `\uFEFF${inFile([script], platform)}`)
  const {shell, timeoutMs, workingDirectory} = settings
  const task: Task = {
    index: 0,
    id: listScriptName,
    group: undefined,
    name: listScriptName,
    isNamedByScript: false,
    script: {kind: 'file', path: workerScripts.entries},
    parameters: new Map([
      ['PwshPoolScript', scriptFile],
      ['PwshPoolEntries', entriesFile]
    ]),
    arguments: undefined,
    item: undefined,
    needs: [],
    when: 'success',
    env: new Map(),
    workingDirectory,
    timeoutMs,
    retry: noRetry,
    continueOnError: false,
    successCodes: defaultSuccessCodes,
    locks: [],
    isolation: 'process',
    shell,
    place: {source: listScriptName, file: undefined, line: 1, column: 1}
  }
  return {task, entriesFile}
}
