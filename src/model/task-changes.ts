/** What one attempt of a task asked the runner for, by way of its file commands. */
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
  /** What of its files is not used because the attempt was over before they were right: a sentence for each, which begins with the file. */
  readonly fileErrors: readonly string[]
}

/** Of an attempt that asked for nothing. */
export const noChanges: TaskChanges = {outputs: new Map(), env: new Map(), paths: [], summary: '', artifacts: '', fileErrors: []}
