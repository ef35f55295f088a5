import type {TaskChanges} from '../model/task-changes.ts'

/**
 * Merges the GITHUB_PATH entries of several attempts as the runner merges those of several steps: an entry that occurs again moves to the end, where
 * it is searched first. Entries are compared exactly, on Windows too.
 * Source: actions/runner, src/Runner.Worker/FileCommandManager.cs (`AddPathFileCommand`), Handlers/Handler.cs (`AddPrependPathToEnvironment`).
 */
export function mergePaths(changes: readonly TaskChanges[]): readonly string[] {
  const paths = new Set<string>()
  for (const path of changes.flatMap(change => change.paths)) {
    paths.delete(path)
    paths.add(path)
  }
  return [...paths]
}
