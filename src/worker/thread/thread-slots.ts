import path from 'node:path'
import type {RemovePath} from '../../system/remove-path.ts'
import {WorkerFolder} from '../worker-folder.ts'

/** A place for one task at a time: its number, from 0, and its folder. */
export interface ThreadSlot {
  readonly slot: number
  readonly folder: WorkerFolder
}

/** The slots of a worker. A task gets the lowest free slot, so no more slots are opened than tasks run at a time. */
export class ThreadSlots {
  readonly #folder: string
  readonly #remove: RemovePath | undefined
  readonly #folders: (WorkerFolder | undefined)[] = []
  readonly #taken = new Set<number>()
  #made = 0

  /** `folder`: the worker's, absolute. Throws file system errors. */
  constructor(folder: string, remove: RemovePath | undefined) {
    this.#folder = folder
    this.#remove = remove
    this.#folders.push(this.#make())
  }

  /** The folder of the first slot. */
  get first(): WorkerFolder {
    return this.#folderOf(0)
  }

  /** Number of slots that have ever been taken. */
  get count(): number {
    return this.#folders.length
  }

  /** Takes the lowest free slot. Throws file system errors. */
  take(): ThreadSlot {
    let slot = 0
    while (this.#taken.has(slot)) slot++
    const folder = this.#folderOf(slot)
    this.#taken.add(slot)
    return {slot, folder}
  }

  /** Frees a slot. `isTidy`: its folder is as it was created, so the next task can use it. */
  giveBack({slot, folder}: ThreadSlot, isTidy: boolean): void {
    if (!isTidy && this.#folders[slot] === folder) this.#folders[slot] = undefined
    this.#taken.delete(slot)
  }

  #folderOf(slot: number): WorkerFolder {
    const folder = this.#folders[slot] ?? this.#make()
    this.#folders[slot] = folder
    return folder
  }

  #make(): WorkerFolder {
    return new WorkerFolder(path.join(this.#folder, `slot-${this.#made++}`), this.#remove)
  }
}
