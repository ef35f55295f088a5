import type {LeftProcess} from '../event.ts'
import type {ListedProcess} from './process-list.ts'

/**
 * The processes that come from `root`: its descendants by parent, those of its group, and those that carry the task's mark, which is how one
 * is known whose parent is gone. `root` itself and what comes from us otherwise are not among them.
 */
export function descendantsOf(root: number, processes: readonly ListedProcess[]): readonly ListedProcess[] {
  const children = new Map<number, ListedProcess[]>()
  for (const process of processes) {
    const siblings = children.get(process.parent)
    if (siblings === undefined) children.set(process.parent, [process])
    else siblings.push(process)
  }
  const found = new Map<number, ListedProcess>()
  const starts = processes.filter(process => process.pid === root || process.group === root || process.isMarked)
  const open = [...starts, ...(children.get(root) ?? [])]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next.pid)) continue
    found.set(next.pid, next)
    open.push(...(children.get(next.pid) ?? []))
  }
  found.delete(root)
  return [...found.values()]
}

/** What was left, and has been ended but for those that are still among `processes`: another user's. */
export function endedOf(left: readonly ListedProcess[], processes: readonly ListedProcess[]): readonly LeftProcess[] {
  const living = new Set(processes.map(keyOf))
  return left.map(process => ({pid: process.pid, name: process.name, isEnded: !living.has(keyOf(process))}))
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
