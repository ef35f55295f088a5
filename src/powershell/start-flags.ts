import type {Environment, EnvironmentChanges} from '../model/environment.ts'

/**
 * Variables that make PowerShell start faster, unless the step sets them itself. No task sees them: `restoredStartFlags` undoes them.
 * docs/decisions/0006-what-a-worker-starts-with.md says what each is for and what it saves.
 */
const startFlags = {
  POWERSHELL_TELEMETRY_OPTOUT: '1',
  DOTNET_TieredPGO: '0',
  DOTNET_gcConcurrent: '0',
  DOTNET_EnableWriteXorExecute: '0',
  DOTNET_MultiCoreJitNoProfileGather: '1',
  // A second: milliseconds in hexadecimal.
  DOTNET_TC_CallCountingDelayMs: '3E8'
} as const

/** The environment of the step with the start flags. */
export function withStartFlags(environment: Environment): Environment {
  return {...startFlags, ...environment}
}

/** Changes that restore the step's own values, or absence, of the start flags for a task. */
export function restoredStartFlags(environment: Environment): EnvironmentChanges {
  return new Map(Object.keys(startFlags).map(name => [name, environment[name] ?? null]))
}
