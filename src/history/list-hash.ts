import type {Need, Task} from '../model/task.ts'
import {hashOf, type MachineContext, PortableContent} from '../text/portable-content.ts'

/**
 * A hash of what a list runs, in which order: for each task in declared order its key, script or file, parameters, arguments, item, needs, `when`,
 * locks and `shard`. It leaves out names, environments, folders, shells, limits and inputs, so it depends on no variable's value, and it is too
 * coarse to confirm a guess of any other value (`PortableContent.coarse`). It is the same on every platform, in every locale, with any line ends, and
 * below any workspace (see `PortableContent`).
 */
export function hashList(tasks: readonly Task[], machine: MachineContext): string {
  const content = new PortableContent(machine)
  // Cached, because thousands of tasks may need one group of thousands.
  const known = new Map<Need['tasks'], string>()
  const keysOf = ({tasks: needed}: Need): string => {
    const keys = known.get(needed) ?? content.of(needed.map(index => tasks[index]?.key ?? ''))
    known.set(needed, keys)
    return keys
  }
  return hashOf(tasks.map(task => contentOf(task, content, keysOf)))
}

function contentOf(task: Task, content: PortableContent, keysOf: (need: Need) => string): string {
  const {key, script, parameters, arguments: positional, item, needs, when, locks, isInEachShard} = task
  const run = script.kind === 'run' ? ['run', content.coarse(script.text)] : ['file', content.path(script.path)]
  const held = locks.map(({name, room, per}) => content.of([name, BigInt(room), per])).sort()
  const values = [content.coarse(parameters), content.coarse(positional), content.coarse(item)]
  return content.of([key, run, values, needs.map(keysOf).sort(), when, held, isInEachShard])
}
