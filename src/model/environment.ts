import {foldCase} from './name-table.ts'

/** Environment variables by name, as Node takes them. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What turns one environment into another: values by name, null where the variable is removed. */
export type EnvironmentChanges = ReadonlyMap<string, string | null>

/** Whether environment variables that differ in case alone are one. Source: actions/runner, src/Runner.Common/Util/VarUtil.cs. */
export function envIgnoresCase(platform: NodeJS.Platform): boolean {
  return platform === 'win32'
}

/** What all spellings of one variable have in common: on Windows `Path` and `PATH` are one. */
export function variableKey(name: string, platform: NodeJS.Platform): string {
  return envIgnoresCase(platform) ? foldCase(name) : name
}
