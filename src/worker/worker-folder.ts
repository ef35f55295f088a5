import {lstatSync, mkdirSync, readdirSync} from 'node:fs'
import path from 'node:path'
import {areUntouched} from '../file-commands/task-files.ts'
import {type RemovePath, removePath} from '../system/remove-path.ts'

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
  readonly #remove: RemovePath
  /** What each of the folders for a task was when it was made. */
  readonly #made = new Map<string, string>()

  /** Makes it. Throws what the file system throws. */
  constructor(folder: string, remove: RemovePath = removePath) {
    this.path = folder
    this.taskFile = path.join(folder, 'task.ps1')
    this.scriptFile = path.join(folder, 'script.ps1')
    this.temporaryFolder = path.join(folder, 'temp')
    this.filesFolder = path.join(folder, 'files')
    this.mark = `PWSH_POOL_TEMP=${this.temporaryFolder}`
    this.#remove = remove
    for (const own of [this.temporaryFolder, this.filesFolder]) this.#make(own)
  }

  /**
   * Makes it as it was, for another task. Tells whether it is: a task may have left what cannot be removed, such as a file that is still open on
   * Windows, and then no other task may get this folder. Never throws.
   */
  empty(): boolean {
    // To write over them would make some file systems wait for the disk.
    const areGone = [this.taskFile, this.scriptFile].every(file => this.#remove(file))
    return areGone && this.#emptied(this.temporaryFolder, isEmpty) && this.#emptied(this.filesFolder, areUntouched)
  }

  /** Removes it, as far as nothing that the task left behind keeps writing into it, or cannot be removed. */
  remove(): void {
    this.#remove(this.path)
  }

  #make(folder: string): void {
    mkdirSync(folder, {recursive: true})
    this.#made.set(folder, identityOf(folder))
  }

  #emptied(folder: string, isAsItWas: (folder: string) => boolean): boolean {
    try {
      if (identityOf(folder) === this.#made.get(folder) && isAsItWas(folder)) return true
    } catch {
      // It is gone, or cannot be looked into.
    }
    if (!this.#remove(folder)) return false
    try {
      this.#make(folder)
      return true
    } catch {
      return false
    }
  }
}

/** Changes where a task has put a link, another folder or a mount in the place of a folder, or has changed who may do what in it. */
function identityOf(folder: string): string {
  const {dev, ino, mode, uid, gid} = lstatSync(folder, {bigint: true})
  return [dev, ino, mode, uid, gid].join(' ')
}

const isEmpty = (folder: string): boolean => readdirSync(folder).length === 0
