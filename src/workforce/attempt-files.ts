import {statSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {createTaskFiles, readTaskFiles, readUnfinishedFiles, type TaskFilePaths} from '../file-commands/task-files.ts'
import type {EmittedObjects, PowerShell} from '../model/event.ts'
import {includesExitCode} from '../model/exit-code.ts'
import {NameTable} from '../model/name-table.ts'
import {type Result, success} from '../model/result.ts'
import type {Task} from '../model/task.ts'
import type {TaskChanges} from '../model/task-changes.ts'
import {keepObjects} from '../objects/kept-objects.ts'
import {writeNeededObjects} from '../objects/needed-objects.ts'
import type {AttemptOutcome, AttemptRequest} from '../pool/attempt-runner.ts'
import {taskVariables} from '../powershell/task-environment.ts'
import {renderTaskScript, scriptFile} from '../powershell/task-script.ts'
import type {ProcessControl} from '../process/process-control.ts'
import {isSystemError} from '../text/bug.ts'
import {quoted} from '../text/quoted.ts'
import type {WorkerFolder} from '../worker/worker-folder.ts'

/** What the files of an attempt depend on besides the task. */
export interface AttemptFilesContext {
  readonly control: ProcessControl
  /** The PowerShell for each `shell`. */
  readonly powershells: ReadonlyMap<string, PowerShell>
  /** Where objects that tasks emit are kept until the reports are written; absolute. Default: they are not kept. */
  readonly objectsFolder?: string | undefined
}

/** The files of one attempt in the folder of its worker: its scripts, and the files that it writes for the step. */
export class AttemptFiles {
  /** The environment variables that tell the task where its files are. */
  readonly variables: readonly (readonly [string, string])[]
  readonly #task: Task
  readonly #context: AttemptFilesContext
  readonly #folder: WorkerFolder
  readonly #files: TaskFilePaths

  /** Writes the scripts, and creates the empty files for the task. Throws system errors. */
  constructor({task, inherited, lockSlots, number, worker}: AttemptRequest, context: AttemptFilesContext, folder: WorkerFolder) {
    this.#task = task
    this.#context = context
    this.#folder = folder
    const {taskFile, scriptFile: ownScript, filesFolder, temporaryFolder} = folder
    const neededObjects = writeNeededObjects(folder.neededObjectsFile, inherited.objects ?? [])
    const text = renderTaskScript(task, ownScript, inherited.needs, context.control.platform, neededObjects)
    const edition = context.powershells.get(task.shell)?.edition ?? 'pwsh'
    writeFileSync(taskFile, scriptFile(text.task, edition))
    if (text.script !== undefined) writeFileSync(ownScript, scriptFile(text.script, edition))
    if (task.objects) writeFileSync(folder.objectsFile, '')
    const {variables, files} = createTaskFiles(filesFolder)
    this.#files = files
    this.variables = [...Object.entries(variables), ...taskVariables(task, {attempt: number, worker, lockSlots, temporaryFolder})]
  }

  /**
   * The changes that the task made for the step, by its files and by the outputs that it `printed`. An error if the files of a successful task are
   * wrong. `isEnded`: the task was ended by the pool.
   */
  changes(end: AttemptOutcome, isEnded: boolean, printed: ReadonlyMap<string, string> | undefined): Result<TaskChanges, string> {
    const {platform} = this.#context.control
    const isSuccess = end.reason === 'exited' && includesExitCode(this.#task.successCodes, end.exitCode)
    const changes =
      isSuccess && !isEnded
        ? readTaskFiles(this.#files, platform)
        : success(readUnfinishedFiles(this.#files, platform, isEnded || end.reason !== 'exited'))
    return changes.ok ? success(withPrintedOutputs(changes.value, printed)) : changes
  }

  /** Moves the objects that the task emitted into `objectsFolder`. */
  objects(): EmittedObjects | undefined {
    const {objectsFolder} = this.#context
    if (!this.#task.objects || objectsFolder === undefined) return undefined
    const target = path.join(objectsFolder, `${this.#task.index}.ndjson`)
    try {
      return keepObjects(this.#folder.objectsFile, target)
    } catch (error) {
      // If the disk is full, the objects are lost, but the task does not fail.
      if (isSystemError(error)) return {count: 0, leftOut: 0, file: target}
      throw error
    }
  }
}

// As in the runner, the file takes precedence over printed commands.
function withPrintedOutputs(changes: TaskChanges, printed: ReadonlyMap<string, string> | undefined): TaskChanges {
  if (printed === undefined || printed.size === 0) return changes
  const outputs = new NameTable<string>(true)
  for (const [name, value] of [...printed, ...changes.outputs]) outputs.set(name, value)
  return {...changes, outputs: outputs.toMap()}
}

/** The error if the folder or file of a task is missing. The list was checked long ago; needed tasks may have created or removed it since. */
export function missingPath({script, workingDirectory}: Task): string | undefined {
  if (!['folder', 'unknown'].includes(kindOf(workingDirectory))) return `working-directory: there is no folder ${quoted(workingDirectory)}`
  if (script.kind === 'file' && !['file', 'unknown'].includes(kindOf(script.path))) return `file: there is no file ${quoted(script.path)}`
  return undefined
}

// PowerShell reports a path that cannot be examined.
function kindOf(file: string): 'file' | 'folder' | 'missing' | 'unknown' {
  try {
    const stats = statSync(file, {throwIfNoEntry: false})
    return stats === undefined ? 'missing' : stats.isDirectory() ? 'folder' : 'file'
  } catch {
    return 'unknown'
  }
}
