import {lstatSync, mkdirSync, readdirSync, unlinkSync} from 'node:fs'
import path from 'node:path'
import {areUntouched} from '../file-commands/task-files.ts'
import {type RemovePath, removePath} from '../system/remove-path.ts'

/** The folder of one worker: the scripts of its task, and places where the task may write. */
export class WorkerFolder {
  /** Absolute. */
  readonly path: string
  readonly taskFile: string
  /** The script that the task file calls, if `run` gets parameters. */
  readonly scriptFile: string
  /** File for the objects that the task emits. A warm worker keeps objects for a task whose folder has this file. */
  readonly objectsFile: string
  /** Objects of the tasks that its task needs. */
  readonly neededObjectsFile: string
  /** An empty folder for the task. */
  readonly temporaryFolder: string
  /** Folder for the task's file-command files. */
  readonly filesFolder: string
  /** File for the error that ends the task, which PowerShell writes as it exits. */
  readonly errorFile: string
  /** `NAME=value` of an environment variable that only this task's processes have. */
  readonly mark: string
  readonly #remove: RemovePath
  /** The files that the pool writes into it for a task. */
  readonly #ours: ReadonlySet<string>
  /** Identity of each folder at the time it was created. */
  readonly #made = new Map<string, string>()

  /** Creates the folder. Throws file system errors. */
  constructor(folder: string, remove: RemovePath = removePath) {
    this.path = folder
    this.taskFile = path.join(folder, 'task.ps1')
    this.scriptFile = path.join(folder, 'script.ps1')
    this.objectsFile = path.join(folder, 'objects')
    this.neededObjectsFile = path.join(folder, 'needed-objects')
    this.temporaryFolder = path.join(folder, 'temp')
    this.filesFolder = path.join(folder, 'files')
    this.errorFile = path.join(folder, 'error.txt')
    this.mark = `PWSH_POOL_TEMP=${this.temporaryFolder}`
    this.#remove = remove
    this.#ours = new Set([this.taskFile, this.scriptFile, this.objectsFile, this.neededObjectsFile])
    for (const own of [this.path, this.temporaryFolder, this.filesFolder]) this.#make(own)
  }

  /**
   * Restores the folder for the next task, and returns whether that succeeded. Otherwise, for example because a file is still open on Windows, no
   * other task may use it. Never rejects.
   */
  async empty(): Promise<boolean> {
    const names = this.#names()
    if (names === undefined) return false
    for (const name of names) if (!(await this.#removeFile(path.join(this.path, name)))) return false
    return (await this.#emptied(this.temporaryFolder, isEmpty)) && (await this.#emptied(this.filesFolder, areUntouched))
  }

  /** Removes the folder as far as possible. Never rejects. */
  async remove(): Promise<void> {
    await this.#remove(this.path)
  }

  /** Entries of the folder that do not belong to it; `undefined` if the folder was replaced or cannot be read. */
  #names(): readonly string[] | undefined {
    try {
      if (identityOf(this.path) !== this.#made.get(this.path)) return undefined
      return readdirSync(this.path).filter(name => !this.#made.has(path.join(this.path, name)))
    } catch {
      return undefined
    }
  }

  /**
   * Removes files that the pool has written synchronously, because each warm task has one. Overwriting them instead would make some file systems wait
   * for the disk.
   */
  async #removeFile(file: string): Promise<boolean> {
    if (!this.#ours.has(file)) return this.#remove(file)
    try {
      unlinkSync(file)
      return true
    } catch {
      return this.#remove(file)
    }
  }

  #make(folder: string): void {
    mkdirSync(folder, {recursive: true})
    this.#made.set(folder, identityOf(folder))
  }

  async #emptied(folder: string, isAsItWas: (folder: string) => boolean): Promise<boolean> {
    try {
      if (identityOf(folder) === this.#made.get(folder) && isAsItWas(folder)) return true
    } catch {
      // The file does not exist, or cannot be examined.
    }
    if (!(await this.#remove(folder))) return false
    try {
      this.#make(folder)
      return true
    } catch {
      return false
    }
  }
}

/** Identifies a folder. It changes if a task replaces the folder by a link, another folder or a mount, or changes its permissions. */
function identityOf(folder: string): string {
  const {dev, ino, mode, uid, gid} = lstatSync(folder, {bigint: true})
  return [dev, ino, mode, uid, gid].join(' ')
}

const isEmpty = (folder: string): boolean => readdirSync(folder).length === 0
