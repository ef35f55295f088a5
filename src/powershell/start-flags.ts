import type {Environment, EnvironmentChanges} from '../model/environment.ts'

/**
 * What PowerShell starts faster with, unless the step has a value of its own. Nothing of it reaches a task: `restoredStartFlags` says what a worker
 * has to take back. docs/decisions/0006-what-a-worker-starts-with.md has what each is for, and what it saves.
 */
const startFlags = {
  POWERSHELL_TELEMETRY_OPTOUT: '1',
  DOTNET_TieredPGO: '0',
  DOTNET_gcConcurrent: '0',
  DOTNET_EnableWriteXorExecute: '0',
  DOTNET_MultiCoreJitNoProfileGather: '1',
  // Milliseconds, hexadecimal: a second.
  DOTNET_TC_CallCountingDelayMs: '3E8'
} as const

/** The environment of a step as a worker is started with it. */
export function withStartFlags(environment: Environment): Environment {
  return {...startFlags, ...environment}
}

/** The variables that a worker's environment has only for its start, with what a task is to find instead, as the step has it; null for nothing. */
export function restoredStartFlags(environment: Environment): EnvironmentChanges {
  return new Map(Object.keys(startFlags).map(name => [name, environment[name] ?? null]))
}
