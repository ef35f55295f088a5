import {spawn} from 'node:child_process'
import {type ListedProcess, type ListProcesses, listProcessesOn} from './process-list.ts'
import {descendantsOf} from './process-tree.ts'

/** How long processes get after SIGINT before SIGTERM, and before SIGKILL, in milliseconds. */
export const endingSchedule = {terminateAfterMs: 2000, killAfterMs: 4000} as const

/** How often they are asked and looked for while they end, and how long they are waited for after SIGKILL at most, in milliseconds. */
const pollMs = 25
const lookMs = 250
const settleAfterKillMs = 500

/** The few things that end processes, injected so that each platform's way can be tested on any. */
export interface ProcessControl {
  readonly platform: NodeJS.Platform
  /** As `process.kill`: signal 0 only asks. Throws ESRCH where there is none, EPERM where it is not ours. */
  readonly kill: (pid: number, signal: NodeJS.Signals | 0) => void
  /** Windows: ends the process and all its descendants. Never rejects. */
  readonly killTree: (pid: number) => Promise<void>
  readonly listProcesses: ListProcesses
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
    }),
  listProcesses: listProcessesOn(process.platform)
}

/** What is to be ended: the group that `leader` began, and all that came from it or carries `mark` (`NAME=value`) in its environment. */
export interface EndingTarget {
  readonly leader: number
  readonly mark: string
}

/**
 * Ends a task's processes: SIGINT, on which pwsh runs its `finally` blocks, then SIGTERM, then SIGKILL, each only while something lives;
 * once `firmly` is aborted SIGKILL at once. Resolves when all are gone or have been killed. Processes of another user are left.
 * On Windows, which has no groups, the tree is ended at once.
 */
export async function endProcesses(target: EndingTarget, control: ProcessControl, firmly: AbortSignal): Promise<void> {
  if (control.platform === 'win32') return control.killTree(target.leader)
  const ending = new Ending(target, control)
  const {terminateAfterMs, killAfterMs} = endingSchedule
  const startedAt = performance.now()
  if (!firmly.aborted && (await ending.send('SIGINT', () => startedAt + terminateAfterMs, firmly))) return
  if (!firmly.aborted && (await ending.send('SIGTERM', () => startedAt + killAfterMs, firmly))) return
  // A killed process that nobody reaps stays visible for ever, so this wait has an end.
  await ending.send('SIGKILL', () => performance.now() + settleAfterKillMs, undefined)
}

class Ending {
  readonly #target: EndingTarget
  readonly #control: ProcessControl
  /** Those that have left the group, as they were last seen. */
  #strays: readonly ListedProcess[] = []

  constructor(target: EndingTarget, control: ProcessControl) {
    this.#target = target
    this.#control = control
  }

  /** Sends a signal to all and waits until they are gone, at most until `deadline`, asked once it is sent; tells whether they are. */
  async send(signal: NodeJS.Signals, deadline: () => number, until: AbortSignal | undefined): Promise<boolean> {
    if (!(await this.#look())) return true
    this.#signal(-this.#target.leader, signal)
    for (const {pid} of this.#strays) this.#signal(pid, signal)
    const end = deadline()
    let lookAt = performance.now() + lookMs
    while (performance.now() < end && until?.aborted !== true) {
      await new Promise(resolve => setTimeout(resolve, pollMs))
      // A signal is cheap to ask with, but it also finds what is dead and not reaped; the list does not.
      if (performance.now() < lookAt && this.#answers()) continue
      if (!(await this.#look())) return true
      lookAt = performance.now() + lookMs
    }
    return false
  }

  /**
   * Sees afresh what there is, before every signal: a pid that somebody else has by now must not get one. Who was known stays known, also
   * after its parents are gone. Tells whether anything lives.
   */
  async #look(): Promise<boolean> {
    const {leader, mark} = this.#target
    const processes = await this.#control.listProcesses(mark)
    const known = new Set(this.#strays.map(({pid, identity}) => `${pid} ${identity}`))
    const seen = processes.map(process => ({...process, isMarked: process.isMarked || known.has(`${process.pid} ${process.identity}`)}))
    this.#strays = descendantsOf(leader, seen).filter(({group}) => group !== leader)
    if (processes.length === 0) return this.#answers()
    return this.#strays.length > 0 || (processes.some(({group}) => group === leader) && this.#answers())
  }

  #answers(): boolean {
    return this.#signal(-this.#target.leader, 0) || this.#strays.some(({pid}) => this.#signal(pid, 0))
  }

  // EPERM means that what is left runs as another user (sudo): it is not ours to end, and waiting for it would help nobody.
  #signal(pid: number, signal: NodeJS.Signals | 0): boolean {
    try {
      this.#control.kill(pid, signal)
      return true
    } catch {
      return false
    }
  }
}
