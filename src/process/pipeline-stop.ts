import {readdirSync, readFileSync} from 'node:fs'

/**
 * The thread on which the console host stops its pipeline: it begins at SIGINT, tells every command to stop, and sleeps until the last one has.
 * Source: PowerShell, ConsoleHost.cs, SpinUpBreakHandlerThread; ConsoleHostExecutor (Executor.cs), Cancel.
 */
export const consoleHostStopThread = 'ConsoleHost.HandleBreak'

/** The same thread of a warm worker, named in `src/powershell/scripts/warm-console.ps1`. */
export const warmStopThread = 'pwsh-pool.Stop'

/** Bytes of a thread's name that Linux keeps. Source: proc_pid_comm(5). */
const keptOfName = 15

/**
 * Whether a process has a sleeping thread of this name; `undefined` if the system does not tell. Names are ASCII.
 * Source: proc_pid_stat(5): (2) comm, (3) state.
 */
export function hasSleepingThread(pid: number, name: string, platform: NodeJS.Platform): boolean | undefined {
  if (platform !== 'linux') return undefined
  try {
    return readdirSync(`/proc/${pid}/task`).some(thread => isSleeping(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8'), name))
  } catch {
    // A thread or the process has just ended: the next poll tells more.
    return false
  }
}

const isSleeping = (stat: string, name: string): boolean => stat.includes(` (${name.slice(0, keptOfName)}) S `)
