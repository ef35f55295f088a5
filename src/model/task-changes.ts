/** Requests of one attempt to the runner, from its file commands. */
export interface TaskChanges {
  /** GITHUB_OUTPUT: values by name. No two names differ in case alone, because to the runner they are one. */
  readonly outputs: ReadonlyMap<string, string>
  /** GITHUB_ENV: values by name. On Windows no two names differ in case alone. */
  readonly env: ReadonlyMap<string, string>
  /** GITHUB_PATH: one entry a line, in the order of the file, never empty. The last one will be searched first. */
  readonly paths: readonly string[]
  /** GITHUB_STEP_SUMMARY: Markdown; at most 1 MiB, and the note that says so where it was more. */
  readonly summary: string
  /** GITHUB_ARTIFACTS: the lines as they are, at most 1 MiB. */
  readonly artifacts: string
  /** Parts of its files that are not used because the attempt ended before they were complete: a sentence for each, beginning with the file. */
  readonly fileErrors: readonly string[]
}

/** The changes of an attempt without requests. */
export const noChanges: TaskChanges = {outputs: new Map(), env: new Map(), paths: [], summary: '', artifacts: '', fileErrors: []}

/** Whether the runner's rules can give an output or a variable this name: it is not empty, and has no `=`, `<<` and line feed. */
export const isNameOfPair = (name: string): boolean => name !== '' && !/=|<<|\n/.test(name)
