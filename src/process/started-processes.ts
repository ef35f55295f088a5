import {readdirSync, readFileSync} from 'node:fs'

/** What a process and the system had started at some time, as far as the system tells. */
export interface StartsBefore {
  /** Minor page faults of finished children. Every program touches memory, so this grows with each one started. */
  readonly reapedFaults: number | undefined
  /** The number of the latest process or thread, of whichever program. */
  readonly latest: number | undefined
}

/**
 * The starts so far, to compare with. `all`: also those of other programs; without them, children that live already count too.
 * Source: proc_pid_stat(5), (11) cminflt; proc_sys_kernel(5), ns_last_pid.
 */
export function startsBefore(pid: number, platform: NodeJS.Platform, all: boolean): StartsBefore {
  if (platform !== 'linux') return {reapedFaults: undefined, latest: undefined}
  return {reapedFaults: reapedFaults(pid), latest: all ? latestStart() : undefined}
}

function reapedFaults(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[8])
  } catch {
    return undefined
  }
}

// Not in /proc/loadavg, which a container may have of its own, renewed every few seconds.
function latestStart(): number | undefined {
  try {
    return Number(readFileSync('/proc/sys/kernel/ns_last_pid', 'utf8'))
  } catch {
    return undefined
  }
}

/**
 * Whether a process may have started another since `before`. Cheaper than a list of all processes, which is needed only if this is true, and most of
 * all where nothing has started anything: the children of a PowerShell are in a file for each of its twenty threads.
 * Source: proc_pid_task(5), children.
 */
export function mayHaveStarted(pid: number, before: StartsBefore | undefined, platform: NodeJS.Platform): boolean {
  if (before?.reapedFaults === undefined || platform !== 'linux') return true
  if (before.latest !== undefined && latestStart() === before.latest) return false
  if (reapedFaults(pid) !== before.reapedFaults) return true
  try {
    return readdirSync(`/proc/${pid}/task`).some(thread => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim() !== '')
  } catch {
    return true
  }
}
