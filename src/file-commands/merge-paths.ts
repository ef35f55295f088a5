import type {TaskChanges} from '../model/task-changes.ts'

/**
 * The GITHUB_PATH entries of attempts one after another, as the runner keeps them over steps: an entry that comes again moves to the end.
 * It searches the last one first. Equal means equal to the letter, on Windows too.
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
