import type {Task} from '../model/task.ts'
import {hashOf, type PortableContent} from '../text/portable-content.ts'

/** Hexadecimal digits of the hash in a key. */
const hashDigits = 16

/** The parts of a task from which its key is made. */
export interface KeyedTask extends Pick<Task, 'id' | 'group' | 'item' | 'script' | 'parameters' | 'arguments'> {
  /** The id that its name would give it, without a number; `undefined` if it has an explicit id. */
  readonly defaultId: string | undefined
  /** Absolute path of the file that a glob found for this task. */
  readonly match: string | undefined
}

/**
 * The key of each task, which does not depend on the number of tasks before it:
 * - usually its id;
 * - in a group, the id of the group and a hash of the task's item and file;
 * - if several tasks would have the same default id, that id and a hash of what the task runs.
 * The hash is too coarse to confirm a guessed value (`PortableContent.coarse`). Equal keys get numbers in declared order. Keys are unique because an
 * id has no `#`.
 */
export function keyTasks(tasks: readonly KeyedTask[], content: PortableContent): readonly string[] {
  const sharing = new Map<string, number>()
  for (const {group, defaultId} of tasks) {
    if (group !== undefined || defaultId === undefined) continue
    const id = defaultId.toLowerCase()
    sharing.set(id, (sharing.get(id) ?? 0) + 1)
  }
  const isShared = (id: string) => (sharing.get(id.toLowerCase()) ?? 0) > 1
  const uses = new Map<string, number>()
  return tasks.map(task => {
    const {id, group, defaultId} = task
    if (group === undefined && (defaultId === undefined || !isShared(defaultId))) return id
    const [start, contents] = group === undefined ? [defaultId, contentsOf(task, content)] : [group, memberOf(task, content)]
    const key = `${start}#${hashOf([contents], hashDigits)}`
    const use = (uses.get(key) ?? 0) + 1
    uses.set(key, use)
    return use === 1 ? key : `${key}#${use}`
  })
}

const memberOf = ({item, match}: KeyedTask, content: PortableContent): string =>
  content.of([item, match === undefined ? undefined : content.path(match)])

function contentsOf({script, parameters, arguments: positional}: KeyedTask, content: PortableContent): string {
  const run = script.kind === 'run' ? content.coarse(script.text) : [content.path(script.path)]
  return content.of([run, content.coarse(parameters), content.coarse(positional)])
}
