import path from 'node:path'
import {hasSleepingThread} from './pipeline-stop.ts'
import {type ListProcesses, listProcessesOn} from './process-list.ts'
import type {TreeKnowledge} from './process-tree.ts'
import {runProgram} from './run-program.ts'

/** The few things that end processes, injected so that each platform's way can be tested on any. */
export interface ProcessControl {
  readonly platform: NodeJS.Platform
  /** As `process.kill`: signal 0 only asks. Throws ESRCH where there is none, EPERM where it is not ours. */
  readonly kill: (pid: number, signal: NodeJS.Signals | 0) => void
  /** Windows: ends the process and all its descendants; tells whether that has succeeded. Never rejects. */
  readonly killTree: (pid: number) => Promise<boolean>
  readonly listProcesses: ListProcesses
  /** As `hasSleepingThread`, on `platform`. */
  readonly hasSleepingThread: (pid: number, name: string) => boolean | undefined
  /** Is told of a process that lives on, or what it has started, after all has been done to end them. */
  readonly onNotEnded?: ((pid: number) => void) | undefined
}

/** How long `taskkill` may take, in milliseconds. */
const killTreeLimitMs = 5000

// By its whole path: a program of that name in the workspace is not meant.
async function killTree(pid: number): Promise<boolean> {
  const program = path.win32.join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'taskkill.exe')
  const answer = await runProgram({program, arguments: ['/PID', String(pid), '/T', '/F'], timeLimitMs: killTreeLimitMs})
  return answer.ok && answer.value.exitCode === 0
}

/** The real ones. On Windows they list nothing: a run has a `ProcessLister` for that. */
export const processControl: ProcessControl = {
  platform: process.platform,
  kill: (pid, signal) => {
    process.kill(pid, signal)
  },
  killTree,
  listProcesses: listProcessesOn(process.platform),
  hasSleepingThread: (pid, name) => hasSleepingThread(pid, name, process.platform)
}

/** What is to be ended: the group that `leader` began, and all that came from it or carries `mark` (`NAME=value`) in its environment. */
export interface EndingTarget extends TreeKnowledge {
  readonly leader: number
  /** The pid of PowerShell itself: another one where `leader` is a script that has started it and waits for it. */
  readonly powershell: number
  readonly mark: string
  /** The name of the thread on which `powershell` stops what it runs. */
  readonly stopThread: string
}
