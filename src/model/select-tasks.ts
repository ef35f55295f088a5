import type {Need, Task} from './task.ts'

/** A selection of tasks. */
export interface Selection {
  /** Names, ids or group ids. Names match exactly, ids without regard to case. */
  readonly names: readonly string[]
  /** `true` includes what they need, directly or indirectly. */
  readonly withNeeds: boolean
}

/** The selected tasks, or the names that match none. */
export interface SelectedTasks {
  /** In declared order, with indices and needs renumbered for this list. */
  readonly tasks: readonly Task[]
  readonly unknown: readonly string[]
}

/** Selects tasks as a list of their own. Needs that are not selected are dropped; a task left without needs no longer waits for their failure. */
export function selectTasks(tasks: readonly Task[], {names, withNeeds}: Selection): SelectedTasks {
  const byName = namedTasks(tasks)
  const unknown = names.filter(name => tasksOf(name, byName).length === 0)
  const chosen = new Set(names.flatMap(name => tasksOf(name, byName)))
  if (withNeeds) addNeeds(chosen, tasks)
  return {
    tasks: tasksAt(
      tasks,
      [...chosen].sort((a, b) => a - b)
    ),
    unknown
  }
}

/** Every name and id that selects something, to suggest the nearest one. */
export function* selectableNames(tasks: readonly Task[]): Iterable<string> {
  for (const {id, group, name} of tasks) {
    yield id
    yield name
    if (group !== undefined) yield group
  }
}

interface NamedTasks {
  readonly names: ReadonlyMap<string, number[]>
  /** By the id in lower case. */
  readonly ids: ReadonlyMap<string, number[]>
}

function namedTasks(tasks: readonly Task[]): NamedTasks {
  const names = new Map<string, number[]>()
  const ids = new Map<string, number[]>()
  for (const {index, id, group, name} of tasks) {
    names.set(name, [index])
    ids.set(id.toLowerCase(), [index])
    if (group === undefined) continue
    const members = ids.get(group.toLowerCase())
    if (members === undefined) ids.set(group.toLowerCase(), [index])
    else members.push(index)
  }
  return {names, ids}
}

function tasksOf(name: string, {names, ids}: NamedTasks): readonly number[] {
  return names.get(name) ?? ids.get(name.toLowerCase()) ?? []
}

// Iterating a Set includes values added during the iteration.
function addNeeds(chosen: Set<number>, tasks: readonly Task[]): void {
  const groups = new Set<readonly number[]>()
  for (const index of chosen) {
    for (const {tasks: needed} of tasks[index]?.needs ?? []) {
      if (groups.has(needed)) continue
      groups.add(needed)
      for (const other of needed) chosen.add(other)
    }
  }
}

/** The tasks at `indices`, which ascend, as a list of their own. */
export function tasksAt(tasks: readonly Task[], indices: readonly number[]): readonly Task[] {
  const kept = indices.flatMap(index => tasks[index] ?? [])
  const newIndex = new Map(kept.map(({index}, position) => [index, position]))
  // Needs of one group stay one object, which the graph of needs counts on.
  const groups = new Map<readonly number[], readonly number[]>()
  const renumbered = (needed: readonly number[]): readonly number[] => {
    const known = groups.get(needed)
    if (known !== undefined) return known
    const fresh = needed.flatMap(index => newIndex.get(index) ?? [])
    groups.set(needed, fresh)
    return fresh
  }
  return kept.map((task, index) => {
    const needs = task.needs.map((need): Need => ({...need, tasks: renumbered(need.tasks)})).filter(need => need.tasks.length > 0)
    const hasLostAll = task.needs.length > 0 && needs.length === 0
    return {...task, index, needs, when: hasLostAll ? 'success' : task.when}
  })
}
