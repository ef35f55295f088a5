import path from 'node:path'
import {type Environment, envIgnoresCase} from '../model/environment.ts'
import {NameTable} from '../model/name-table.ts'
import type {TaskChanges} from '../model/task-changes.ts'
import {mergePaths} from './merge-paths.ts'

/**
 * Variables that the runner sets for every step, so GITHUB_ENV cannot change them. GITHUB_TOKEN is not one of them.
 * Source: actions/runner, src/Runner.Worker/GitHubContext.cs, Handlers/ScriptHandler.cs.
 */
const githubNames =
  `ACTION ACTION_PATH ACTION_REF ACTION_REPOSITORY ACTOR ACTOR_ID API_URL ARTIFACTS ARTIFACTS_LIST BASE_REF ENV EVENT_NAME EVENT_PATH
  GRAPHQL_URL HEAD_REF JOB OUTPUT PATH REF REF_NAME REF_PROTECTED REF_TYPE REPOSITORY REPOSITORY_ID REPOSITORY_OWNER REPOSITORY_OWNER_ID
  RETENTION_DAYS RUN_ATTEMPT RUN_ID RUN_NUMBER SERVER_URL SHA STATE STEP_SUMMARY TRIGGERING_ACTOR WORKFLOW WORKFLOW_REF WORKFLOW_SHA
  WORKSPACE`.split(/\s+/)
const runnerNames = 'ARCH DEBUG ENVIRONMENT NAME OS TEMP TOOL_CACHE TRACKING_ID WORKSPACE'.split(' ')
const runnersOwn = [...githubNames.map(name => `GITHUB_${name}`), ...runnerNames.map(name => `RUNNER_${name}`)]

/**
 * The environment of a step that follows these changes: `base` with the GITHUB_ENV values, of which later ones win, and the GITHUB_PATH entries in
 * front of PATH, the last one first. Variables that the runner sets for every step keep their value from `base`. `changes`: those of earlier tasks,
 * in declared order.
 * Source: actions/runner, src/Runner.Worker/Handlers/Handler.cs (`AddPrependPathToEnvironment`), src/Runner.Sdk/Util/PathUtil.cs.
 */
export function environmentAfter(base: Environment, changes: readonly TaskChanges[], platform: NodeJS.Platform): Environment {
  const variables = new NameTable<string>(envIgnoresCase(platform))
  for (const [name, value] of Object.entries(base)) {
    if (value !== undefined) variables.set(name, value)
  }
  const fixed = new NameTable<true>(envIgnoresCase(platform))
  for (const name of runnersOwn) {
    if (variables.has(name)) fixed.set(name, true)
  }
  for (const [name, value] of changes.flatMap(({env}) => [...env])) {
    if (!fixed.has(name)) variables.set(name, value)
  }
  const paths = mergePaths(changes)
  if (paths.length > 0) variables.set('PATH', withPaths(variables.get('PATH') ?? '', paths, platform))
  return Object.fromEntries(variables.toMap())
}

function withPaths(current: string, paths: readonly string[], platform: NodeJS.Platform): string {
  const {delimiter} = platform === 'win32' ? path.win32 : path.posix
  const first = paths.toReversed().join(delimiter)
  // A delimiter at the end would make an empty entry, which means the current folder.
  if (current === '' || current === first) return first
  return current.startsWith(`${first}${delimiter}`) ? current : `${first}${delimiter}${current}`
}
