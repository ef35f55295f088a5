import {foldCase} from './name-table.ts'

/** Environment variables by name, as Node takes them. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The difference between two environments: values by name, `null` for a variable to remove. */
export type EnvironmentChanges = ReadonlyMap<string, string | null>

/** `true` if variable names that differ only in case are one variable. Source: actions/runner, src/Runner.Common/Util/VarUtil.cs. */
export function envIgnoresCase(platform: NodeJS.Platform): boolean {
  return platform === 'win32'
}

/** A key that all spellings of one variable share: on Windows `Path` and `PATH` are one. */
export function variableKey(name: string, platform: NodeJS.Platform): string {
  return envIgnoresCase(platform) ? foldCase(name) : name
}
