import path from 'node:path'

// The build lays both folders beside the bundle, under the same names.
const folder = path.join(import.meta.dirname, 'scripts')

/** The compiled worker, by absolute path. `scripts/build-worker.mjs` makes it of the top-level folder `worker/`. */
export const workerAssembly = path.join(import.meta.dirname, 'worker', 'PwshPool.Worker.dll')

/** The PowerShell half of a worker, by absolute path. */
export const workerScripts = {
  /** Sets the encoding on Windows, and imports modules. */
  boot: path.join(folder, 'boot.ps1'),
  /** Marks the end of what is printed before the task. */
  mark: path.join(folder, 'mark.ps1'),
  /** Waits for the task and prepares the process for it. */
  ready: path.join(folder, 'ready.ps1'),
  /** Runs the script that makes a task list, and writes its entries to a file. */
  entries: path.join(folder, 'entries.ps1'),
  /** Gives the function that keeps what a task emits as objects. */
  objects: path.join(folder, 'objects.ps1'),
  /** Puts the objects of needed tasks into `$needs`. */
  needsObjects: path.join(folder, 'needs-objects.ps1'),
  /** Runs task after task. */
  warm: path.join(folder, 'warm.ps1'),
  /** Lists the processes of Windows; run by a PowerShell that is no worker. */
  listProcesses: path.join(folder, 'list-processes.ps1')
} as const
