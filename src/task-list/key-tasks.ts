import type {Task} from '../model/task.ts'
import {hashOf, type PortableContent} from '../text/portable-content.ts'

/** Hexadecimal digits of an item's hash in a key. */
const itemDigits = 16

/** The part of a task that its key is made from. `match`: the absolute path of the file that a glob found for it. */
export interface KeyedTask extends Pick<Task, 'id' | 'group' | 'item'> {
  readonly match: string | undefined
}

/**
 * The key of each task: its id; for a member of a group the group's id and a hash of its item and file, as its number changes with the items before
 * it. Equal members are told apart by their order. Unique, because an id has no `#`.
 */
export function keyTasks(tasks: readonly KeyedTask[], content: PortableContent): readonly string[] {
  const uses = new Map<string, number>()
  return tasks.map(({id, group, item, match}) => {
    if (group === undefined) return id
    const file = match === undefined ? undefined : content.path(match)
    const key = `${group}#${hashOf([content.of([item, file])], itemDigits)}`
    const use = (uses.get(key) ?? 0) + 1
    uses.set(key, use)
    return use === 1 ? key : `${key}#${use}`
  })
}
