import type {Place} from '../model/task.ts'
import {quoted} from '../text/quoted.ts'
import type {EntryDraft} from './entries/task-draft.ts'
import {idFromName} from './entries/task-name.ts'
import {type MistakeLog, renderPlace} from './source/mistakes.ts'

/** The task or group behind an id. */
export interface Identified {
  /** As written or generated. */
  readonly id: string
  readonly isGroup: boolean
  /** By index, in item order. */
  readonly tasks: readonly number[]
}

/** The ids of a list. */
export interface TaskIds {
  /** Task ids by index. */
  readonly ofTasks: readonly string[]
  /** Group ids by task index. */
  readonly ofGroups: readonly (string | undefined)[]
  /** All ids, in lower case, of tasks and groups. */
  readonly all: ReadonlyMap<string, Identified>
}

interface Claim extends Identified {
  readonly place: Place
}

/** Assigns an id to every task and group. A duplicate explicit id is a mistake; a default id that is taken gets `_2`. */
export function identifyTasks(entries: readonly EntryDraft[], mistakes: MistakeLog): TaskIds {
  const claims = new Map<string, Claim>()
  const ofTasks: string[] = []
  const ofGroups: string[] = []
  const starts = startsOf(entries)
  const numbers = new Map<string, number>()

  function claim(id: string, isGroup: boolean, tasks: readonly number[], place: Place): void {
    claims.set(id.toLowerCase(), {id, isGroup, tasks, place})
    const [index] = tasks
    if (isGroup) for (const member of tasks) ofGroups[member] = id
    else if (index !== undefined) ofTasks[index] = id
  }

  function claimExplicit(id: string, isGroup: boolean, tasks: readonly number[], place: Place): void {
    const taken = claims.get(id.toLowerCase())
    if (taken === undefined) {
      claim(id, isGroup, tasks, place)
      return
    }
    const spelling = taken.id === id ? '' : ` (${quoted(taken.id)}: ids do not differ by case alone)`
    mistakes.add(
      place,
      `id: ${quoted(id)} is already the id of the ${taken.isGroup ? 'group' : 'task'} at ${renderPlace(taken.place)}${spelling}`
    )
  }

  function claimDefault(name: string, isGroup: boolean, tasks: readonly number[], place: Place): void {
    const base = idFromName(name)
    let id = base
    for (let number = numbers.get(base.toLowerCase()) ?? 2; claims.has(id.toLowerCase()); number++) {
      id = `${base}_${number}`
      numbers.set(base.toLowerCase(), number + 1)
    }
    claim(id, isGroup, tasks, place)
  }

  for (const [at, {id, isGroup, tasks}] of entries.entries()) {
    if (id === undefined) continue
    const indices = tasks.map((_, offset) => (starts[at] ?? 0) + offset)
    claimExplicit(id.text, isGroup, indices, id.place)
    if (isGroup) for (const [offset, index] of indices.entries()) claimExplicit(`${id.text}_${offset + 1}`, false, [index], id.place)
  }
  for (const [at, {id, isGroup, name, place, tasks}] of entries.entries()) {
    if (id !== undefined) continue
    const indices = tasks.map((_, offset) => (starts[at] ?? 0) + offset)
    if (isGroup) claimDefault(name, true, indices, place)
    for (const [offset, task] of tasks.entries()) claimDefault(task.name.text, false, [(starts[at] ?? 0) + offset], place)
  }
  return {ofTasks, ofGroups, all: claims}
}

/** The index of the first task of each entry. */
function startsOf(entries: readonly EntryDraft[]): number[] {
  let next = 0
  return entries.map(({tasks}) => {
    const start = next
    next += tasks.length
    return start
  })
}
