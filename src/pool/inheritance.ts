import type {TaskRecord} from '../event.ts'
import type {Task, Value, ValueMap} from '../task.ts'
import {noChanges, type TaskChanges} from '../task-changes.ts'

/** What a task finds of those that it needs. */
export interface Inheritance {
  /** What all that it needs, directly or not, asked for in GITHUB_ENV and GITHUB_PATH, in declared order. */
  readonly changes: readonly TaskChanges[]
  /** `$needs`: by id, `outputs` and `result`; of a group an array of these in item order. `undefined` for a task that needs none. */
  readonly needs: ValueMap | undefined
}

/** `recordOf` gives the record of a task by its index; every task that this one needs is over. */
export function inheritanceOf(task: Task, recordOf: (index: number) => TaskRecord | undefined): Inheritance {
  if (task.needs.length === 0) return {changes: [], needs: undefined}
  const needed = [...transitiveNeeds(task, recordOf)].sort((a, b) => a - b)
  const describe = (index: number): Value => describeNeed(recordOf(index))
  const needs = task.needs.map(({id, isGroup, tasks}): [string, Value] => {
    const [only = -1] = tasks
    return [id, isGroup ? tasks.map(describe) : describe(only)]
  })
  return {changes: needed.map(index => changesOf(recordOf(index))), needs: new Map(needs)}
}

function transitiveNeeds(task: Task, recordOf: (index: number) => TaskRecord | undefined): Set<number> {
  const found = new Set<number>()
  const open = [task]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const index of next.needs.flatMap(need => need.tasks)) {
      const needed = found.has(index) ? undefined : recordOf(index)?.task
      found.add(index)
      if (needed !== undefined) open.push(needed)
    }
  }
  return found
}

function describeNeed(record: TaskRecord | undefined): Value {
  return new Map<string, Value>([
    ['result', record?.verdict.status ?? 'skipped'],
    ['outputs', changesOf(record).outputs]
  ])
}

function changesOf(record: TaskRecord | undefined): TaskChanges {
  return record?.attempts.at(-1)?.changes ?? noChanges
}
