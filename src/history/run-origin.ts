import type {Environment} from '../model/environment.ts'
import type {RunOrigin} from '../model/event.ts'

/**
 * The variables in which CI systems give repository and commit. URLs of repositories are not used, because they can contain a password.
 * Sources: docs.github.com, "Variables reference"; docs.gitlab.com, "Predefined CI/CD variables"; learn.microsoft.com, "Use predefined variables" of
 * Azure Pipelines.
 */
const variables: readonly (readonly [repository: string, commit: string])[] = [
  ['GITHUB_REPOSITORY', 'GITHUB_SHA'],
  ['CI_PROJECT_PATH', 'CI_COMMIT_SHA'],
  ['BUILD_REPOSITORY_NAME', 'BUILD_SOURCEVERSION']
]

/** The repository and commit of a run in this environment. Outside CI both are unknown. */
export function originOf(environment: Environment): RunOrigin {
  const [repository, commit] = variables.find(names => names.every(name => environment[name])) ?? []
  if (repository === undefined || commit === undefined) return {repository: null, commit: null}
  return {repository: environment[repository] ?? null, commit: environment[commit] ?? null, run: attemptOf(environment)}
}

function attemptOf({GITHUB_RUN_ID: id, GITHUB_RUN_ATTEMPT: attempt}: Environment): RunOrigin['run'] {
  return id && attempt && /^[1-9]\d{0,5}$/.test(attempt) ? {id, attempt: Number(attempt)} : null
}
