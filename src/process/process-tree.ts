import type {LeftProcess} from '../model/event.ts'
import type {ListedProcess} from './process-list.ts'

/** When a process lived that we have started, by our clock, in milliseconds since 1970. `end` is there once it is over. */
export interface Lifetime {
  readonly start: number
  readonly end: number | undefined
}

/** What is known of a tree beside a list of what lives. */
export interface TreeKnowledge {
  /** Of the root: where parents are told by their pids alone, what names it as its parent and was started before or after is a stranger's. */
  readonly lifetime?: Lifetime | undefined
  /** What was listed before: who has lost its parent is known by it. */
  readonly earlier?: readonly ListedProcess[] | undefined
}

/**
 * The processes that come from `root`: its descendants by parent, those of its group, and those that carry the task's mark, which is how one
 * is known whose parent is gone. `root` itself and what comes from us otherwise are not among them.
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

/** Of those that have had the pid of its parent, the one that had it when the process was started. */
function parentAmong(candidates: readonly ListedProcess[], {createdAt}: ListedProcess): ListedProcess | undefined {
  let parent: ListedProcess | undefined
  for (const candidate of candidates)
    if (!isLater(candidate.createdAt, createdAt) && !isLater(parent?.createdAt, candidate.createdAt)) parent = candidate
  return parent
}

const isLater = (one: number | undefined, other: number | undefined): boolean => one !== undefined && other !== undefined && one > other

/** How far our clock and that by which the system notes when it starts a process may be apart, in milliseconds. */
const clockSlackMs = 1000

/** Whether it was started while the one lived whose lifetime it is. Where either time is not known, its pid has to do. */
function livedIn({createdAt}: ListedProcess, lifetime: Lifetime | undefined): boolean {
  if (createdAt === undefined || lifetime === undefined) return true
  return createdAt >= lifetime.start - clockSlackMs && (lifetime.end === undefined || createdAt <= lifetime.end + clockSlackMs)
}

/** What was left, and has been ended but for those that are still among `processes`: another user's. Where nothing could be listed, none is known to have been. */
export function endedOf(left: readonly ListedProcess[], processes: readonly ListedProcess[]): readonly LeftProcess[] {
  const living = new Set(processes.map(keyOf))
  return left.map(process => ({pid: process.pid, name: process.name, isEnded: processes.length > 0 && !living.has(keyOf(process))}))
}

/** Tells a process apart from all others, also from a later one with the same pid. */
export const keyOf = ({pid, identity}: ListedProcess): string => `${pid} ${identity}`

/** The pids from `descendant` up to `root`, both of them included; `root` alone where it is no ancestor. */
export function chainOf(descendant: number, root: number, processes: readonly ListedProcess[]): ReadonlySet<number> {
  const parents = new Map(processes.map(({pid, parent}) => [pid, parent]))
  const chain = new Set<number>()
  let pid: number | undefined = descendant
  for (; pid !== undefined && pid !== root && !chain.has(pid); pid = parents.get(pid)) chain.add(pid)
  return pid === root ? chain.add(root) : new Set([root])
}
