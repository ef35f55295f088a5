import type {Task} from '../task.ts'

/** Environment variables by name, as Node takes them. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What the runner hands to an action but not to a `run` step. Source: actions/runner, NodeScriptActionHandler.cs. */
const actionOnly = /^(?:INPUT_.*|STATE_.*|ACTIONS_RUNTIME_.*|ACTIONS_RESULTS_URL|ACTIONS_CACHE_.*)$/i

/** What a task is told of itself. */
export interface TaskFacts {
  /** Attempt, from 1. */
  readonly attempt: number
  /** Slot, from 0. */
  readonly worker: number
  /** Absolute path of the task's own empty folder. */
  readonly temporaryFolder: string
}

/** The environment of one attempt: the step's, less what only the action may see, with the task's `env` on top, then `PWSH_POOL_*`. */
export function taskEnvironment(step: Environment, task: Task, facts: TaskFacts, platform: NodeJS.Platform): Environment {
  const kept = Object.entries(step).filter(([name]) => !actionOnly.test(name))
  const own = {
    PWSH_POOL_TASK: task.id,
    PWSH_POOL_ATTEMPT: String(facts.attempt),
    PWSH_POOL_WORKER: String(facts.worker),
    PWSH_POOL_TEMP: facts.temporaryFolder
  }
  return withChanges(Object.fromEntries(kept), [...task.env, ...Object.entries(own)], platform)
}

// On Windows `Path` and `PATH` are one variable; Node would hand on the first of the two by name.
function withChanges(base: Environment, changes: Iterable<readonly [string, string | null]>, platform: NodeJS.Platform): Environment {
  const key = (name: string) => (platform === 'win32' ? name.toUpperCase() : name)
  const merged = new Map(Object.entries(base).map(([name, value]) => [key(name), {name, value}]))
  for (const [name, value] of changes) {
    if (value === null) merged.delete(key(name))
    else merged.set(key(name), {name, value})
  }
  return Object.fromEntries([...merged.values()].map(({name, value}) => [name, value]))
}
