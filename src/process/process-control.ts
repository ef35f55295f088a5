import path from 'node:path'
import {hasSleepingThread} from './pipeline-stop.ts'
import {type ListProcesses, listProcessesOn} from './process-list.ts'
import type {TreeKnowledge} from './process-tree.ts'
import {runProgram} from './run-program.ts'

/** The side effects that list and end processes, injected so that each platform's way can be tested on any. */
export interface ProcessControl {
  readonly platform: NodeJS.Platform
  /** As `process.kill`: signal 0 only checks. Throws ESRCH for no such process, EPERM for another user's. */
  readonly kill: (pid: number, signal: NodeJS.Signals | 0) => void
  /** Windows: ends the process and all descendants; resolves to whether that succeeded. Never rejects. */
  readonly killTree: (pid: number) => Promise<boolean>
  readonly listProcesses: ListProcesses
  /** As `hasSleepingThread`, on `platform`. */
  readonly hasSleepingThread: (pid: number, name: string) => boolean | undefined
  /** Called for a process that still lives, or whose descendant does, after everything was tried. */
  readonly onNotEnded?: ((pid: number) => void) | undefined
}

/** Time limit of `taskkill`, in milliseconds. */
const killTreeLimitMs = 5000

// By its whole path: a program of that name in the workspace is not meant.
async function killTree(pid: number): Promise<boolean> {
  const program = path.win32.join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'taskkill.exe')
  const answer = await runProgram({program, arguments: ['/PID', String(pid), '/T', '/F'], timeLimitMs: killTreeLimitMs})
  return answer.ok && answer.value.exitCode === 0
}

/** The real implementation. It lists nothing on Windows, where a run adds a `ProcessLister`. */
export const processControl: ProcessControl = {
  platform: process.platform,
  kill: (pid, signal) => {
    process.kill(pid, signal)
  },
  killTree,
  listProcesses: listProcessesOn(process.platform),
  hasSleepingThread: (pid, name) => hasSleepingThread(pid, name, process.platform)
}

/** The processes to end: the group of `leader`, its descendants, and those with `mark` (`NAME=value`) in their environment. */
export interface EndingTarget extends TreeKnowledge {
  readonly leader: number
  /** PowerShell's own pid, which differs from `leader` if that is a script that waits for PowerShell. */
  readonly powershell: number
  readonly mark: string
  /** Name of the thread on which `powershell` stops its pipeline. */
  readonly stopThread: string
}
