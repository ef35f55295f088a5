import {endingSchedule} from './end-processes.ts'
import type {ProcessControl} from './process-control.ts'
import type {ListedProcess} from './process-list.ts'
import {keyOf} from './process-tree.ts'

/** Interval of polling while they end, in milliseconds. */
const pollMs = 50

/** Time to wait after SIGKILL, in milliseconds. */
const settleAfterKillMs = 500

/** The processes with `mark` (`NAME=value`) in their environment, and what those have started. None on Windows, which shows no environments. */
export async function listMarked(mark: string, {listProcesses, platform}: ProcessControl): Promise<readonly ListedProcess[]> {
  return platform === 'win32' ? [] : markedOf(await listProcesses(mark), new Set())
}

/**
 * Ends the processes with `mark` in their environment, and what those have started: SIGINT, then SIGTERM, then SIGKILL, as `endingSchedule` says, each
 * only while one lives; SIGKILL at once when `firmly` is aborted. Resolves when all are gone or were killed.
 */
export async function endMarked(mark: string, control: ProcessControl, firmly: AbortSignal): Promise<void> {
  if (control.platform === 'win32') return
  const {terminateAfterMs, killAfterMs} = endingSchedule
  const startedAt = performance.now()
  const known = new Set<string>()
  const steps = [
    {signal: 'SIGINT', until: startedAt + terminateAfterMs},
    {signal: 'SIGTERM', until: startedAt + killAfterMs},
    {signal: 'SIGKILL', until: startedAt + killAfterMs + settleAfterKillMs}
  ] as const
  for (const {signal, until} of steps) {
    if (firmly.aborted && signal !== 'SIGKILL') continue
    const sent = new Set<string>()
    const deadline = signal === 'SIGKILL' ? performance.now() + settleAfterKillMs : until
    do {
      const living = markedOf(await control.listProcesses(mark), known)
      if (living.length === 0) return
      for (const process of living) {
        known.add(keyOf(process))
        // Again and again for what a shell goes on with; once for what has its own ways with a signal.
        if (!sent.has(keyOf(process))) send(control, process, signal)
        sent.add(keyOf(process))
      }
      await new Promise(resolve => setTimeout(resolve, pollMs))
    } while (performance.now() < deadline && (signal === 'SIGKILL' || !firmly.aborted))
  }
}

/** Marked processes, those in `known` (by `keyOf`), and descendants of either. */
function markedOf(processes: readonly ListedProcess[], known: ReadonlySet<string>): readonly ListedProcess[] {
  const marked = new Map(processes.filter(each => each.isMarked || known.has(keyOf(each))).map(each => [each.pid, each]))
  for (let size = -1; size !== marked.size; ) {
    size = marked.size
    for (const process of processes) if (marked.has(process.parent)) marked.set(process.pid, process)
  }
  return [...marked.values()]
}

// One that is gone, or of another user.
function send({kill}: ProcessControl, {pid}: ListedProcess, signal: NodeJS.Signals): void {
  try {
    kill(pid, signal)
  } catch {}
}
