import {spawn} from 'node:child_process'

/** How long a process group gets after SIGINT before SIGTERM, and before SIGKILL, in milliseconds. */
export const endingSchedule = {terminateAfterMs: 2000, killAfterMs: 4000} as const

/** How often it is looked whether the group is gone, and how long after SIGKILL at most, in milliseconds. */
const pollMs = 25
const settleAfterKillMs = 500

/** The few things that end processes, injected so that each platform's way can be tested on any. */
export interface ProcessControl {
  readonly platform: NodeJS.Platform
  /** As `process.kill`: signal 0 only asks. Throws ESRCH where there is none, EPERM where it is not ours. */
  readonly kill: (pid: number, signal: NodeJS.Signals | 0) => void
  /** Windows: ends the process and all its descendants. Never rejects. */
  readonly killTree: (pid: number) => Promise<void>
}

/** The real ones. */
export const processControl: ProcessControl = {
  platform: process.platform,
  kill: (pid, signal) => {
    process.kill(pid, signal)
  },
  killTree: pid =>
    new Promise(resolve => {
      const child = spawn('taskkill', ['/PID', String(pid), '/T', '/F'], {stdio: 'ignore', windowsHide: true})
      child.once('error', () => resolve())
      child.once('close', () => resolve())
    })
}

/**
 * Ends the process group that `leader` began: SIGINT, on which pwsh runs its `finally` blocks, then SIGTERM, then SIGKILL, each only while
 * something of the group lives. Resolves when the group is gone or has been killed. On Windows, which has no groups, the tree at once.
 */
export async function endProcessGroup(leader: number, control: ProcessControl, firmly: AbortSignal): Promise<void> {
  if (control.platform === 'win32') return control.killTree(leader)
  const {terminateAfterMs, killAfterMs} = endingSchedule
  if (!firmly.aborted) {
    signalGroup(leader, 'SIGINT', control)
    if (await isGoneWithin(leader, terminateAfterMs, control, firmly)) return
  }
  if (!firmly.aborted) {
    signalGroup(leader, 'SIGTERM', control)
    if (await isGoneWithin(leader, killAfterMs - terminateAfterMs, control, firmly)) return
  }
  signalGroup(leader, 'SIGKILL', control)
  // A killed process that nobody reaps stays visible for ever, so this wait has an end.
  await isGoneWithin(leader, settleAfterKillMs, control, undefined)
}

async function isGoneWithin(leader: number, ms: number, control: ProcessControl, firmly: AbortSignal | undefined): Promise<boolean> {
  for (let waited = 0; waited < ms && firmly?.aborted !== true; waited += pollMs) {
    if (!signalGroup(leader, 0, control)) return true
    await new Promise(resolve => setTimeout(resolve, pollMs))
  }
  return !signalGroup(leader, 0, control)
}

// EPERM means that what is left runs as another user (sudo): alive, and not ours to end. It must not take the run down.
function signalGroup(leader: number, signal: NodeJS.Signals | 0, control: ProcessControl): boolean {
  try {
    control.kill(-leader, signal)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
