import {failure, type Result, success} from '../model/result.ts'
import type {Settings} from '../model/settings.ts'
import {type InputDescription, inputTable} from './input-table.ts'
import {type InputSource, oneOf, parseBoolean, pathIn, type Rule, summaryModes, wrongValue} from './load-settings.ts'

/** Every input of the action `pwsh-pool/merge`. `merge/action.yml` is generated from it. */
export const mergeInputTable = {
  reports: {
    description:
      'The JSON reports or the recordings of all shards, as paths or globs relative to the workspace, one per line, such as `reports/**/report.json` or `reports/**/run.zip` where `download-artifact` put them below `reports`. Required.'
  },
  summary: inputTable.summary,
  annotations: {
    description:
      'Whether mistakes in the reports become annotations. Annotations of tasks are not repeated: the jobs of the shards have printed them.',
    default: 'true'
  },
  'json-report': {description: 'A file for the merged report as JSON, relative to the workspace.'},
  'junit-report': inputTable['junit-report'],
  'html-report': {
    description: `${inputTable['html-report'].description} Logs come from recordings: for a shard that has only a report, the page says that its logs are missing.`
  },
  recording: {description: 'A zip of the merged run, relative to the workspace, with the logs of all recordings.'},
  'trace-report': inputTable['trace-report'],
  'timings-file': {
    description:
      'A JSON file of how long tasks took, relative to the workspace. The durations of all shards are added to it. Save it where the next run finds it, such as in a cache.'
  }
} as const satisfies Readonly<Record<string, InputDescription>>

/** The name of an input of `pwsh-pool/merge`. */
export type MergeInputName = keyof typeof mergeInputTable

/** The settings of a merge. */
export interface MergeSettings
  extends Pick<
    Settings,
    'summary' | 'annotations' | 'jsonReport' | 'junitReport' | 'htmlReport' | 'recording' | 'traceReport' | 'timingsFile' | 'workspace'
  > {
  /** Paths and globs of reports and recordings; at least one. */
  readonly reports: readonly string[]
}

/** The source of the inputs. `workspace`: absolute. */
export interface MergeInputSource extends Pick<InputSource, 'workspace'> {
  /** The raw input; empty if it was not given. */
  readonly read: (name: MergeInputName) => string
}

/** Turns inputs or options into settings. The error lists every mistake. */
export function loadMergeSettings({read, workspace}: MergeInputSource): Result<MergeSettings, readonly string[]> {
  const mistakes: string[] = []
  const given = (name: MergeInputName) => read(name).trim() || defaultOf(name)
  const parsed = <T>(name: MergeInputName, parse: (value: string) => Result<T, Rule>, whenWrong: T): T => {
    const result = parse(given(name))
    if (result.ok) return result.value
    mistakes.push(`${name}: ${wrongValue(result.error, given(name))}`)
    return whenWrong
  }
  const reports = read('reports')
    .split(/\r?\n/)
    .map(line => line.trim())
    .filter(line => line !== '')
  if (reports.length === 0) mistakes.push('reports: expected paths or globs of the reports of all shards, got nothing')
  const settings: MergeSettings = {
    reports,
    summary: parsed('summary', oneOf(summaryModes), 'all'),
    annotations: parsed('annotations', parseBoolean, true),
    jsonReport: pathIn(read('json-report'), workspace),
    junitReport: pathIn(read('junit-report'), workspace),
    htmlReport: pathIn(read('html-report'), workspace),
    recording: pathIn(read('recording'), workspace),
    traceReport: pathIn(read('trace-report'), workspace),
    workspace,
    timingsFile: pathIn(read('timings-file'), workspace)
  }
  return mistakes.length === 0 ? success(settings) : failure(mistakes)
}

function defaultOf(name: MergeInputName): string {
  const description: InputDescription = mergeInputTable[name]
  return description.default ?? ''
}
