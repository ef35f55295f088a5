import {mkdirSync, readdirSync, rmSync} from 'node:fs'
import path from 'node:path'

/** The folder of one worker: what its task is read from, and what the task may write into. */
export class WorkerFolder {
  /** Absolute. */
  readonly path: string
  readonly taskFile: string
  /** For script text that is a script of its own. */
  readonly scriptFile: string
  /** An empty folder for the task. */
  readonly temporaryFolder: string
  /** An empty folder for what the task asks the runner for. */
  readonly filesFolder: string
  /** `NAME=value` of a variable that all that the task starts has in its environment, and nothing else. */
  readonly mark: string

  /** Makes it. Throws what the file system throws. */
  constructor(folder: string) {
    this.path = folder
    this.taskFile = path.join(folder, 'task.ps1')
    this.scriptFile = path.join(folder, 'script.ps1')
    this.temporaryFolder = path.join(folder, 'temp')
    this.filesFolder = path.join(folder, 'files')
    this.mark = `PWSH_POOL_TEMP=${this.temporaryFolder}`
    for (const own of [this.temporaryFolder, this.filesFolder]) mkdirSync(own, {recursive: true})
  }

  /** Makes it as it was, for another task. Throws what the file system throws. */
  empty(): void {
    // To write over them would make some file systems wait for the disk.
    for (const file of [this.taskFile, this.scriptFile]) rmSync(file, {recursive: true, force: true})
    mkdirSync(this.filesFolder, {recursive: true})
    if (isEmpty(this.temporaryFolder)) return
    rmSync(this.temporaryFolder, {recursive: true, force: true})
    mkdirSync(this.temporaryFolder, {recursive: true})
  }

  /** Removes it, as far as nothing that the task left behind keeps writing into it. */
  remove(): void {
    try {
      rmSync(this.path, {recursive: true, force: true})
    } catch {}
  }
}

function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0
  } catch {
    return false
  }
}
