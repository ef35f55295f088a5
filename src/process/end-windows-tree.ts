import type {EndingTarget, ProcessControl} from './process-control.ts'
import {listedWithin} from './process-list.ts'
import {descendantsOf} from './process-tree.ts'

/** Attempts at `killTree`, which may fail while a process of the tree is ending or starting another. */
const treeTries = 2

/** How long, and how often, survivors are searched for and ended, in milliseconds: a process ends a little later, and may have started another. */
const settleMs = 2000
const lookMs = 100

/** Time limits of a list, in milliseconds: before the tree is ended (or in a hurry), and afterwards. */
const listLimitMs = {before: 1000, after: 3000} as const

/**
 * Ends a task's processes on Windows: the leader's tree at once, then every listed descendant that survives. If the tree cannot be ended, at least
 * its leader is, and the task is over. Resolves when nothing is listed any more, or everything has been tried. After `firmly` is aborted lists get
 * less time, and none is made if it was aborted from the start.
 */
export async function endWindowsTree(target: EndingTarget, control: ProcessControl, firmly: AbortSignal): Promise<void> {
  const {leader, lifetime, earlier = []} = target
  const isHasty = firmly.aborted
  const listed = async (limitMs: number) => (await listedWithin(limitMs, control.listProcesses(target.mark))) ?? []
  const wasOver = isOver(target)
  let seen = earlier
  // Who loses its parent while the tree is ended is known by this.
  if (!wasOver && !isHasty) seen = [...seen, ...(await listed(listLimitMs.before))]
  const isEnded = await endFromTop(target, control)
  if (isHasty) {
    if (!isEnded) control.onNotEnded?.(leader)
    return
  }
  for (const until = performance.now() + settleMs; ; ) {
    const processes = await listed(firmly.aborted ? listLimitMs.before : listLimitMs.after)
    const left = descendantsOf(leader, processes, {lifetime, earlier: seen})
    const isUnknown = !isEnded && processes.length === 0
    const livesOn = left.length > 0 || (!isEnded && processes.some(({pid}) => pid === leader))
    if (!livesOn && !isUnknown) return
    seen = [...seen, ...left]
    for (const {pid} of left) killed(pid, control)
    if (isUnknown || performance.now() >= until || firmly.aborted) break
    await new Promise(resolve => setTimeout(resolve, lookMs))
  }
  // Leftovers of a finished task are reported with the task.
  if (!wasOver) control.onNotEnded?.(leader)
}

/** A leader that is over has no tree any more, and its pid may be reused. */
const isOver = ({lifetime}: EndingTarget): boolean => lifetime?.end !== undefined

/** Returns whether the tree is known to be ended; if not, its leader may still have been. */
async function endFromTop(target: EndingTarget, control: ProcessControl): Promise<boolean> {
  const {leader} = target
  for (let tries = 0; tries < treeTries; tries++) if (isOver(target) || (await control.killTree(leader))) return true
  return isOver(target) || killed(leader, control) === 'was gone'
}

/** Kills one process and returns what happened. */
function killed(pid: number, {kill}: ProcessControl): 'has been ended' | 'was gone' | 'could not be ended' {
  try {
    kill(pid, 'SIGKILL')
    return 'has been ended'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? 'was gone' : 'could not be ended'
  }
}
