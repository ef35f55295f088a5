import {readdirSync, readFileSync} from 'node:fs'

/**
 * What tells, without listing all processes, whether a process has started others: how often those that are over have touched memory, and
 * whether any lives. Nobody starts a program that touches no memory.
 */
export interface ChildTrace {
  readonly reapedFaults: number
  readonly hasLiving: boolean
}

/**
 * Reads the trace of a process; `undefined` where the system does not tell, so that one has to look at all processes.
 * Source: proc_pid_stat(5), field 11, cminflt; proc_pid_task(5), children.
 */
export function childTrace(pid: number, platform: NodeJS.Platform): ChildTrace | undefined {
  if (platform !== 'linux') return undefined
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const threads = readdirSync(`/proc/${pid}/task`)
    const hasLiving = threads.some(thread => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim() !== '')
    return {reapedFaults: Number(fields[8]), hasLiving}
  } catch {
    return undefined
  }
}

/** Whether the process may have started another one since `before` was read. */
export function mayHaveStarted(before: ChildTrace | undefined, after: ChildTrace | undefined): boolean {
  return before === undefined || after === undefined || after.hasLiving || after.reapedFaults !== before.reapedFaults
}
