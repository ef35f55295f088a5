import {envIgnoresCase} from '../model/environment.ts'
import {foldCase} from '../model/name-table.ts'
import type {TaskChanges} from '../model/task-changes.ts'
import {quoted, quotedList} from '../text/quoted.ts'
import {artifactEntries, maxArtifactBytes, maxArtifacts} from './artifact-lines.ts'
import {mergePaths} from './merge-paths.ts'
import {mergeSummaries} from './merge-summaries.ts'
import {mergeValues, type NamedValues} from './merge-values.ts'

/** The changes of a task's last attempt. */
export interface NamedChanges {
  /** Name of the task, for messages. */
  readonly name: string
  readonly changes: TaskChanges
}

/** Limits and rules of the step that receives the changes. */
export interface MergeOptions {
  readonly platform: NodeJS.Platform
  /** Outputs of the action itself, which tasks cannot set. The runner ignores their case. */
  readonly reservedOutputs: ReadonlySet<string>
  /** Size limit of all summaries together, in bytes: the space that is left on the page. */
  readonly summaryBudget: number
}

/** The changes of the step. */
export interface MergedChanges extends TaskChanges {
  /** One sentence for each value or file that was not used as its task meant it. */
  readonly warnings: readonly string[]
}

/**
 * Merges the changes of all tasks, in declared order, into those of one step. A later task wins, as a later step would; a name with different values
 * is a warning.
 */
export function mergeChanges(tasks: readonly NamedChanges[], options: MergeOptions): MergedChanges {
  const reserved = takeReserved(valuesOf(tasks, 'outputs'), options.reservedOutputs)
  const outputs = mergeValues(reserved.rest, {kind: 'output', ignoresCase: true})
  const env = mergeValues(valuesOf(tasks, 'env'), {kind: 'variable', ignoresCase: envIgnoresCase(options.platform)})
  const artifacts = mergeArtifacts(tasks)
  const summaries = mergeSummaries(
    tasks.map(({name, changes}) => ({name, summary: changes.summary})),
    options.summaryBudget
  )
  return {
    outputs: outputs.values,
    env: env.values,
    paths: mergePaths(tasks.map(({changes}) => changes)),
    summary: summaries.text,
    artifacts: artifacts.text,
    fileErrors: [],
    warnings: [
      ...fileErrorWarnings(tasks),
      ...reserved.warnings,
      ...outputs.warnings,
      ...env.warnings,
      ...artifacts.warnings,
      ...summaries.warnings
    ]
  }
}

/** Most tasks with unusable files that are named; the others are counted. */
const maxNamedTasks = 10

/** A warning for each task whose files could not be used completely; after `maxNamedTasks`, one warning with the number of the others. */
export function fileErrorWarnings(tasks: readonly NamedChanges[]): readonly string[] {
  const affected = tasks.filter(({changes}) => changes.fileErrors.length > 0)
  const told = affected.slice(0, maxNamedTasks)
  const more = affected.length - told.length
  return [
    ...told.flatMap(({name, changes}) =>
      changes.fileErrors.map(fileError => `Not all that the task ${quoted(name)} wrote is used: ${fileError}`)
    ),
    ...(more > 0 ? [`Nor is all that ${more === 1 ? 'one more task' : `${more} more tasks`} wrote`] : [])
  ]
}

function valuesOf(tasks: readonly NamedChanges[], field: 'outputs' | 'env'): readonly NamedValues[] {
  return tasks.map(({name, changes}) => ({name, values: changes[field]}))
}

function takeReserved(
  tasks: readonly NamedValues[],
  reservedOutputs: ReadonlySet<string>
): {readonly rest: readonly NamedValues[]; readonly warnings: readonly string[]} {
  const reserved = new Map([...reservedOutputs].map(name => [foldCase(name), {name, writers: [] as string[]}]))
  const rest = tasks.map(({name, values}) => {
    const kept = [...values].filter(([key]) => {
      const own = reserved.get(foldCase(key))
      own?.writers.push(name)
      return own === undefined
    })
    return {name, values: new Map(kept)}
  })
  const written = [...reserved.values()].filter(({writers}) => writers.length > 0)
  return {rest, warnings: written.map(({name, writers}) => reservedWarning(name, writers))}
}

function reservedWarning(name: string, writers: readonly string[]): string {
  const tasks = writers.length === 1 ? 'the task' : 'the tasks'
  return `The output ${quoted(name)} is the action's own: what ${tasks} ${quotedList(writers)} wrote to it is left out`
}

// A file beyond one of the runner's limits would fail the step.
function mergeArtifacts(tasks: readonly NamedChanges[]): {readonly text: string; readonly warnings: readonly string[]} {
  let text = ''
  let bytes = 0
  let entries = new Set<string>()
  const leftOut: string[] = []
  for (const {name, changes} of tasks) {
    const lines = changes.artifacts === '' || /[\r\n]$/.test(changes.artifacts) ? changes.artifacts : `${changes.artifacts}\n`
    const size = Buffer.byteLength(lines)
    const withThese = new Set([...entries, ...artifactEntries(lines)])
    if (bytes + size < maxArtifactBytes && withThese.size <= maxArtifacts) {
      text += lines
      bytes += size
      entries = withThese
    } else leftOut.push(name)
  }
  if (leftOut.length === 0) return {text, warnings: []}
  const tasksLeftOut = leftOut.length === 1 ? 'the task' : 'the tasks'
  return {
    text,
    warnings: [
      `GITHUB_ARTIFACTS may have 1 MiB and ${maxArtifacts} entries: what ${tasksLeftOut} ${quotedList(leftOut)} wrote to it is left out`
    ]
  }
}
