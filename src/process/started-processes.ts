import {readdirSync, readFileSync} from 'node:fs'

/**
 * Minor page faults of a process's finished children. Every program touches memory, so this grows with each one started. `undefined` if the system
 * does not tell.
 * Source: proc_pid_stat(5), (11) cminflt.
 */
export function reapedFaults(pid: number, platform: NodeJS.Platform): number | undefined {
  if (platform !== 'linux') return undefined
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[8])
  } catch {
    return undefined
  }
}

/**
 * Whether a process may have started another since `before`, an earlier value of `reapedFaults`. Cheaper than a list of all processes, which is
 * needed only if this is true.
 * Source: proc_pid_task(5), children.
 */
export function mayHaveStarted(pid: number, before: number | undefined, platform: NodeJS.Platform): boolean {
  const now = reapedFaults(pid, platform)
  if (before === undefined || now === undefined || now !== before) return true
  try {
    return readdirSync(`/proc/${pid}/task`).some(thread => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim() !== '')
  } catch {
    return true
  }
}
