import type {EmittedObjects, TaskRecord, Verdict} from '../model/event.ts'
import type {Need, Task, Value, ValueMap} from '../model/task.ts'
import {noChanges, type TaskChanges} from '../model/task-changes.ts'
import {changesOf, isSuccess} from '../model/verdict.ts'

/** What a task receives from the tasks it needs. */
export interface Inheritance {
  /** The changes of all direct and indirect needs that wrote GITHUB_ENV or GITHUB_PATH, in declared order. */
  readonly changes: readonly TaskChanges[]
  /**
   * The value of `$needs`, by id: `id`, `name`, `result`, `kept`, `exitCode`, `error`, `durationMs`, `outputs`; for a group an array of these in item
   * order. `undefined` without needs.
   */
  readonly needs: ValueMap | undefined
  /** The objects that its needs emitted, in the order of the needs and, in a group, of the items. */
  readonly objects?: readonly InheritedObjects[] | undefined
}

/** The objects of a needed task. */
export interface InheritedObjects {
  /** The id in `needs`. */
  readonly id: string
  /** Position in the group, from 0; `undefined` if the need is a single task. */
  readonly position: number | undefined
  readonly objects: EmittedObjects
}

/** The tasks of a need that changed the environment, by index, and the sources that these tasks inherited. Never empty. */
interface Source {
  readonly tasks: readonly number[]
  readonly from: readonly Source[]
}

/** Tasks that are needed together. */
type Needed = Need['tasks']

/**
 * Computes what tasks inherit. A need that many tasks share, such as a group, is visited once, and needs that change nothing are skipped. Otherwise a
 * thousand tasks that need another thousand would take a million visits.
 */
export class Inheritances {
  readonly #recordOf: (index: number) => TaskRecord | undefined
  readonly #errorOf: (verdict: Verdict) => string
  readonly #sources = new Map<Needed, Source | undefined>()
  readonly #objects = new Map<Needed, readonly Omit<InheritedObjects, 'id'>[]>()
  readonly #values = new Map<Needed, readonly Value[]>()

  /** `recordOf`: returns the record of a finished task by index. `errorOf`: describes a failure in words. */
  constructor(recordOf: (index: number) => TaskRecord | undefined, errorOf: (verdict: Verdict) => string) {
    this.#recordOf = recordOf
    this.#errorOf = errorOf
  }

  /** Precondition: every direct and indirect need of the task is settled. */
  of(task: Task): Inheritance {
    if (task.needs.length === 0) return {changes: [], needs: undefined, objects: []}
    const needs = task.needs.map((need): [string, Value] => [
      need.id,
      need.isGroup ? this.#valuesOf(need.tasks) : this.#valueOf(need.tasks)
    ])
    return {changes: this.#changesFrom(task.needs), needs: new Map(needs), objects: this.#objectsOf(task.needs)}
  }

  #objectsOf(needs: readonly Need[]): readonly InheritedObjects[] {
    return needs.flatMap(({id, isGroup, tasks}) =>
      this.#objectsIn(tasks).map(({objects, position}) => ({id, position: isGroup ? position : undefined, objects}))
    )
  }

  #objectsIn(needed: Needed): readonly Omit<InheritedObjects, 'id'>[] {
    const known = this.#objects.get(needed)
    if (known !== undefined) return known
    const found = needed.flatMap((index, position) => {
      const objects = this.#recordOf(index)?.attempts.at(-1)?.objects
      return objects === undefined ? [] : [{position, objects}]
    })
    this.#objects.set(needed, found)
    return found
  }

  #changesFrom(needs: readonly Need[]): readonly TaskChanges[] {
    const found = new Set(needs.flatMap(({tasks}) => this.#sourceOf(tasks) ?? []))
    const tasks = new Set<number>()
    // Iterating a Set includes values added during the iteration.
    for (const source of found) {
      for (const index of source.tasks) tasks.add(index)
      for (const earlier of source.from) found.add(earlier)
    }
    return [...tasks].sort((a, b) => a - b).map(index => this.#changesOf(index))
  }

  // Without recursion, since a chain of needs may be as long as the list.
  #sourceOf(needed: Needed): Source | undefined {
    const open = [needed]
    for (let next = open.at(-1); next !== undefined; next = open.at(-1)) {
      const unknown = this.#sources.has(next) ? [] : [...this.#neededBy(next)].filter(earlier => !this.#sources.has(earlier))
      for (const earlier of unknown) open.push(earlier)
      if (unknown.length > 0) continue
      open.pop()
      if (!this.#sources.has(next)) this.#sources.set(next, this.#join(next))
    }
    return this.#sources.get(needed)
  }

  #neededBy(needed: Needed): Set<Needed> {
    return new Set(needed.flatMap(index => this.#recordOf(index)?.task.needs.map(({tasks}) => tasks) ?? []))
  }

  #join(needed: Needed): Source | undefined {
    const tasks = needed.filter(index => changesEnvironment(this.#changesOf(index)))
    const from = [...new Set([...this.#neededBy(needed)].flatMap(earlier => this.#sources.get(earlier) ?? []))]
    const [only] = from
    if (tasks.length === 0 && from.length <= 1) return only
    return {tasks, from}
  }

  #valuesOf(needed: Needed): readonly Value[] {
    const known = this.#values.get(needed)
    if (known !== undefined) return known
    const values = needed.map(index => this.#describe(this.#recordOf(index)))
    this.#values.set(needed, values)
    return values
  }

  #valueOf([only = -1]: Needed): Value {
    return this.#describe(this.#recordOf(only))
  }

  #changesOf(index: number): TaskChanges {
    const record = this.#recordOf(index)
    return record === undefined ? noChanges : changesOf(record)
  }

  #describe(record: TaskRecord | undefined): Value {
    if (record === undefined) throw new Error('Internal error: a task began before one that it needs was over')
    const {task, verdict, attempts} = record
    return new Map<string, Value>([
      ['id', task.id],
      ['name', task.name],
      ['result', verdict.status === 'kept' ? 'success' : verdict.status],
      ['kept', verdict.status === 'kept'],
      ['exitCode', 'exitCode' in verdict ? BigInt(verdict.exitCode) : null],
      ['error', isSuccess(verdict) ? null : this.#errorOf(verdict)],
      [
        'durationMs',
        BigInt(
          verdict.status === 'kept' ? verdict.durationMs : attempts.reduce((sum, {startedAt, endedAt}) => sum + endedAt - startedAt, 0)
        )
      ],
      ['outputs', changesOf(record).outputs]
    ])
  }
}

const changesEnvironment = ({env, paths}: TaskChanges): boolean => env.size > 0 || paths.length > 0
