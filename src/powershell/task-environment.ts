import path from 'node:path'
import {type Environment, type EnvironmentChanges, variableKey} from '../model/environment.ts'
import type {Isolation, Lock, Task} from '../model/task.ts'

/** Variables that the runner sets for an action but not for a `run` step. Source: actions/runner, NodeScriptActionHandler.cs. */
const actionOnly = /^(?:INPUT_.*|STATE_.*|ACTIONS_RUNTIME_.*|ACTIONS_RESULTS_URL|ACTIONS_CACHE_.*)$/i

/** Variables that PowerShell and .NET read only at their start, so setting them later has no effect. */
const readAtStart = /^(?:NO_COLOR|TERM|HOME|USERPROFILE|PSModulePath|LANG|LANGUAGE|LC_.*|TZ|DOTNET_.*|COMPlus_.*|POWERSHELL_.*)$/i

/** The environment of a `run` step: the action's own variables are removed. */
export function stepEnvironment(action: Environment): Environment {
  return Object.fromEntries(Object.entries(action).filter(([name]) => !actionOnly.test(name)))
}

/** What the variables of a task depend on besides the task. */
export interface TaskFacts {
  /** Attempt, from 1. */
  readonly attempt: number
  /** Slot, from 0. */
  readonly worker: number
  /** The slot that the task has in each of its locks, from 0. */
  readonly lockSlots: ReadonlyMap<Lock, number>
  /** Absolute path of the task's own empty folder. */
  readonly temporaryFolder: string
}

/** The `PWSH_POOL_*` variables of a task. */
export function taskVariables(task: Task, facts: TaskFacts): ReadonlyMap<string, string> {
  return new Map([
    ['PWSH_POOL_TASK', task.id],
    ['PWSH_POOL_ATTEMPT', String(facts.attempt)],
    ['PWSH_POOL_WORKER', String(facts.worker)],
    ['PWSH_POOL_TEMP', facts.temporaryFolder],
    ...Array.from(facts.lockSlots, ([{variable}, slot]) => [variable, String(slot)] as const)
  ])
}

/**
 * Combines layers of changes: later layers win, `null` removes a variable. On Windows `Path` and `PATH` are one variable, and the last spelling wins.
 */
export function layeredChanges(
  layers: readonly Iterable<readonly [string, string | null]>[],
  platform: NodeJS.Platform
): EnvironmentChanges {
  const merged = new Map<string, readonly [string, string | null]>()
  for (const layer of layers) for (const entry of layer) merged.set(variableKey(entry[0], platform), entry)
  return new Map(merged.values())
}

/**
 * The changes that take effect only if a process is started with them. .NET before 9 also treats an empty value as absent. At isolation `thread`,
 * PATH is one of them, because programs are found by the PATH of the process.
 */
export function startTimeChanges(changes: EnvironmentChanges, isolation: Isolation): EnvironmentChanges {
  const isOfStart = (name: string) => readAtStart.test(name) || (isolation === 'thread' && /^PATH$/i.test(name))
  return new Map([...changes].filter(([name, value]) => isOfStart(name) || value === ''))
}

/** `base` with these changes applied. */
export function withChanges(base: Environment, changes: EnvironmentChanges, platform: NodeJS.Platform): Environment {
  const changed = new Set([...changes.keys()].map(name => variableKey(name, platform)))
  const kept = Object.entries(base).filter(([name]) => !changed.has(variableKey(name, platform)))
  const set = [...changes].flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]))
  return Object.fromEntries([...kept, ...set])
}

/**
 * Removes from PSModulePath the folders that pwsh adds: its modules for the user and for all users, recognized by folder name, and those beside pwsh,
 * recognized by `isPwshHome`. If nothing remains, the variable is removed, and PowerShell sets its default. Windows only.
 * Source: PowerShell, ModuleIntrinsics.cs.
 */
export function withoutPwshModules(environment: Environment, isPwshHome: (folder: string) => boolean): Environment {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => {
      if (variableKey(name, 'win32') !== 'PSMODULEPATH' || value === undefined) return [[name, value] as const]
      const others = value.split(path.win32.delimiter).filter(entry => entry !== '' && !isPwshModules(entry, isPwshHome))
      return others.length === 0 ? [] : [[name, others.join(path.win32.delimiter)] as const]
    })
  )
}

function isPwshModules(entry: string, isPwshHome: (folder: string) => boolean): boolean {
  const {dir, base} = path.win32.parse(path.win32.normalize(entry))
  return base.toLowerCase() === 'modules' && (path.win32.basename(dir).toLowerCase() === 'powershell' || isPwshHome(dir))
}
