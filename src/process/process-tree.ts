import type {LeftProcess} from '../model/event.ts'
import type {ListedProcess} from './process-list.ts'

/** Lifetime of a process that the pool started, in milliseconds since 1970 by its own clock. `end` is set once it is over. */
export interface Lifetime {
  readonly start: number
  readonly end: number | undefined
}

/** Knowledge about a tree besides the current list. */
export interface TreeKnowledge {
  /** Lifetime of the root: a process that names its pid as parent but started outside it is a stranger's. */
  readonly lifetime?: Lifetime | undefined
  /** Earlier lists, which identify processes that have lost their parent since. */
  readonly earlier?: readonly ListedProcess[] | undefined
}

/**
 * The descendants of `root`: by parent, by process group, and by the task's mark, which identifies a process whose parent is gone. Excludes `root`
 * and the pool's other processes.
 */
export function descendantsOf(
  root: number,
  processes: readonly ListedProcess[],
  {lifetime, earlier = []}: TreeKnowledge = {}
): readonly ListedProcess[] {
  const living = new Set(processes.map(keyOf))
  const all = [...processes, ...earlier.filter(process => !living.has(keyOf(process)))]
  const byPid = new Map<number, ListedProcess[]>()
  for (const process of all) addTo(byPid, process.pid, process)
  const isRoot = (process: ListedProcess) => process.pid === root && livedIn(process, lifetime)
  const children = new Map<ListedProcess, ListedProcess[]>()
  const open: ListedProcess[] = all.filter(process => isRoot(process) || process.group === root || process.isMarked)
  for (const process of all) {
    const parent = parentAmong(byPid.get(process.parent) ?? [], process)
    if (parent !== undefined) addTo(children, parent, process)
    const isRoots = parent === undefined ? process.parent === root && livedIn(process, lifetime) : isRoot(parent)
    if (isRoots) open.push(process)
  }
  const found = new Set<ListedProcess>()
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue
    found.add(next)
    open.push(...(children.get(next) ?? []))
  }
  return [...found].filter(process => process.pid !== root && living.has(keyOf(process)))
}

function addTo<K>(lists: Map<K, ListedProcess[]>, key: K, process: ListedProcess): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [process])
  else list.push(process)
}

/** Of processes that had the parent's pid at some time, the one that had it when this process started. */
function parentAmong(candidates: readonly ListedProcess[], {createdAt}: ListedProcess): ListedProcess | undefined {
  let parent: ListedProcess | undefined
  for (const candidate of candidates)
    if (!isLater(candidate.createdAt, createdAt) && !isLater(parent?.createdAt, candidate.createdAt)) parent = candidate
  return parent
}

const isLater = (one: number | undefined, other: number | undefined): boolean => one !== undefined && other !== undefined && one > other

/** Tolerance between this process's clock and the system's start times, in milliseconds. */
const clockSlackMs = 1000

/** Whether it started within this lifetime. If either time is unknown, the pid decides. */
function livedIn({createdAt}: ListedProcess, lifetime: Lifetime | undefined): boolean {
  if (createdAt === undefined || lifetime === undefined) return true
  return createdAt >= lifetime.start - clockSlackMs && (lifetime.end === undefined || createdAt <= lifetime.end + clockSlackMs)
}

/**
 * The leftovers that have been ended: those missing from `processes`. Survivors belong to another user. If nothing could be listed, none is known to
 * have ended.
 */
export function endedOf(left: readonly ListedProcess[], processes: readonly ListedProcess[]): readonly LeftProcess[] {
  const living = new Set(processes.map(keyOf))
  return left.map(process => ({pid: process.pid, name: process.name, isEnded: processes.length > 0 && !living.has(keyOf(process))}))
}

/** Unique for each process, even if a pid is reused. */
export const keyOf = ({pid, identity}: ListedProcess): string => `${pid} ${identity}`

/** The pids from `descendant` up to `root`, both included; only `root` if it is no ancestor. */
export function chainOf(descendant: number, root: number, processes: readonly ListedProcess[]): ReadonlySet<number> {
  const parents = new Map(processes.map(({pid, parent}) => [pid, parent]))
  const chain = new Set<number>()
  let pid: number | undefined = descendant
  for (; pid !== undefined && pid !== root && !chain.has(pid); pid = parents.get(pid)) chain.add(pid)
  return pid === root ? chain.add(root) : new Set([root])
}
