import type {Task} from '../model/task.ts'
import {hashOf, type PortableContent} from '../text/portable-content.ts'

/** Hexadecimal digits of a hash in a key. */
const hashDigits = 16

/** The part of a task that its key is made from. */
export interface KeyedTask extends Pick<Task, 'id' | 'group' | 'item' | 'script' | 'parameters' | 'arguments'> {
  /** The id from its name, before it is numbered; `undefined` for an id that was given. */
  readonly defaultId: string | undefined
  /** The absolute path of the file that a glob found for it. */
  readonly match: string | undefined
}

/**
 * The key of each task, in which no number depends on the tasks before it: its id; for a member of a group the group's id and a hash of its item and
 * file; for one of several tasks that would have the same default id that id and a hash of what it runs, which confirms no guess of a value
 * (`PortableContent.coarse`). Equal ones are told apart by their order. Unique, because an id has no `#`.
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
