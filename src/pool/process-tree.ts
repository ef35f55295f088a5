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
