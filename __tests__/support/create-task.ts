import os from 'node:os'
import {noRetry} from '../../src/model/settings.ts'
import type {Lock, Task} from '../../src/model/task.ts'

/** A task that prints its name, with what a test wants otherwise. `needs` takes indices for short. */
export function createTask(overrides: Partial<Omit<Task, 'needs'>> & {needs?: readonly number[]} = {}): Task {
  const index = overrides.index ?? 0
  const id = overrides.id ?? `task_${index}`
  return {
    index,
    position: index,
    key: id,
    fingerprint: null,
    id,
    group: undefined,
    name: id,
    isNamedByScript: false,
    script: {kind: 'run', text: `'${id}'`},
    parameters: undefined,
    arguments: undefined,
    item: undefined,
    when: 'success',
    env: new Map(),
    workingDirectory: os.tmpdir(),
    timeoutMs: 0,
    retry: noRetry,
    continueOnError: false,
    successCodes: [0],
    locks: [],
    isInEachShard: false,
    isolation: 'process',
    objects: false,
    shell: 'pwsh',
    resume: 'auto',
    place: {source: 'tasks', file: undefined, line: index + 1, column: 1},
    ...overrides,
    needs: (overrides.needs ?? []).map(needed => ({id: `task_${needed}`, isGroup: false, tasks: [needed]}))
  }
}

/** A lock with room for `room` tasks at a time. Those that are made with one name are different objects. */
export function createLock(name: string, room = 1): Lock {
  return {name, variable: `PWSH_POOL_LOCK_${name.toUpperCase()}`, room, per: 'all'}
}

/** As many tasks as there are overrides, in that order. */
export function createTasks(...overrides: Parameters<typeof createTask>[0][]): Task[] {
  return overrides.map((override, index) => createTask({...override, index}))
}
