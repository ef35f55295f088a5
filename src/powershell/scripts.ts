import path from 'node:path'

// The build puts both folders beside the bundle, under the same names.
const folder = path.join(import.meta.dirname, 'scripts')

/** Absolute path of the compiled worker, which `scripts/build-worker.mjs` builds from the top-level folder `worker/`. */
export const workerAssembly = path.join(import.meta.dirname, 'worker', 'PwshPool.Worker.dll')

/** Absolute paths of the scripts that run in a worker. */
export const workerScripts = {
  /** Sets the encoding on Windows, and imports modules. */
  boot: path.join(folder, 'boot.ps1'),
  /** Marks the end of what is printed before the task. */
  mark: path.join(folder, 'mark.ps1'),
  /** Waits for the task and prepares the process for it. */
  ready: path.join(folder, 'ready.ps1'),
  /** Runs the script that makes a task list, and writes its entries to a file. */
  entries: path.join(folder, 'entries.ps1'),
  /** Defines the function that keeps the objects that a task emits. */
  objects: path.join(folder, 'objects.ps1'),
  /** Puts the objects of needed tasks into `$needs`. */
  needsObjects: path.join(folder, 'needs-objects.ps1'),
  /** Runs task after task. */
  warm: path.join(folder, 'warm.ps1'),
  /** Lists the processes on Windows; runs in a PowerShell that is not a worker. */
  listProcesses: path.join(folder, 'list-processes.ps1')
} as const
