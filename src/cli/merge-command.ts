import path from 'node:path'
import {Option} from 'commander'
import {recordTimings} from '../history/timings-file.ts'
import {loadMergeSettings, type MergeSettings} from '../inputs/merge-inputs.ts'
import {endSection} from '../log/end-section.ts'
import type {WriteLines} from '../log/log-writer.ts'
import {renderMergeRefusal} from '../log/refusal.ts'
import {writeRunFiles} from '../pages/run-files.ts'
import {runResult} from '../report/totals.ts'
import {closeReports, findReports} from '../shards/find-reports.ts'
import {type MergedRun, mergeReports} from '../shards/merge-reports.ts'
import {mergedCapture} from '../shards/merged-capture.ts'
import type {ExitCode} from './exit-code.ts'
import {type Printed, Program, type ProgramFacts} from './program.ts'
import {publishRun} from './publishing.ts'
import {colorsFor} from './terminal/colors.ts'
import {plainMarkup} from './terminal/plain-markup.ts'

/** Everything `pwsh-pool merge` takes from its process. */
export interface MergeHost {
  /** The current folder, absolute. */
  readonly folder: string
  readonly write: WriteLines
  readonly writeError: WriteLines
}

/** Runs `pwsh-pool merge` with the arguments after these words. */
export async function runMerge(args: readonly string[], facts: ProgramFacts, {folder, write, writeError}: MergeHost): Promise<ExitCode> {
  const parsed = parseMergeArguments(args, facts)
  if (parsed.kind !== 'merge') {
    await (parsed.kind === 'show' ? write(parsed.text) : writeError(parsed.text))
    return parsed.kind === 'show' ? 0 : 2
  }
  const {reports, options} = parsed
  // The option is the path of the page, while the input of that name says what the page contains.
  const read = (name: string) => (name === 'reports' ? reports.join('\n') : name === 'summary' ? '' : (options.get(name) ?? ''))
  const settings = loadMergeSettings({workspace: folder, read})
  const refuse = (mistakes: readonly string[]) =>
    writeError(renderMergeRefusal(mistakes, {markup: plainMarkup(colorsFor(false)), annotates: false}))
  if (!settings.ok) {
    await refuse(settings.error)
    return 2
  }
  const found = await findReports(reports, folder)
  if (!found.ok) {
    await refuse(found.error)
    return 2
  }
  try {
    const merged = mergeReports(found.value)
    if (merged.ok)
      return await publishMerged(merged.value, {...settings.value, summary: options.get('summary')}, {folder, write, writeError})
    await refuse(merged.error)
    return 1
  } finally {
    closeReports(found.value)
  }
}

/** `summary`: the path of the page, as given. */
type MergeFiles = Omit<MergeSettings, 'summary'> & {readonly summary: string | undefined}

async function publishMerged(merged: MergedRun, files: MergeFiles, {folder, write, writeError}: MergeHost): Promise<ExitCode> {
  const {run} = merged
  const {record, tails} = run
  const {summary} = files
  await write(endSection(record, {mask: same, markup: plainMarkup(colorsFor(false)), tails, annotations: undefined, workspace: folder}))
  const warnings = [
    ...publishRun(run, {...files, summary: summary === undefined ? undefined : path.resolve(folder, summary)}),
    ...(await writeRunFiles(files, mergedCapture(merged), run, {mask: same}))
  ]
  for (const warning of warnings) await writeError(`warning: ${warning}\n`)
  const unrecorded = recordTimings(files.timingsFile, record, same)
  if (unrecorded !== undefined) await writeError(`notice: ${unrecorded}\n`)
  const exitCodes = {success: 0, failure: 1, cancelled: 130} as const
  return exitCodes[runResult(record)]
}

// Reports are masked already.
const same = (text: string): string => text

/** Reports to merge, something to print, or a usage error. */
export type ParsedMerge =
  | {readonly kind: 'merge'; readonly reports: readonly string[]; readonly options: ReadonlyMap<string, string>}
  | Printed

/** The options for files, with what each file is. */
const files = {
  summary: 'the job summary, as Markdown',
  'json-report': 'the merged report as JSON',
  'junit-report': 'the results as JUnit XML',
  'html-report': 'the merged run as a page, with timeline and, from recordings, logs',
  recording: 'the merged run as a zip, with the logs of all recordings',
  'trace-report': 'the merged run as a trace, for Perfetto',
  'timings-file': 'how long tasks took: the durations of all shards are added'
} as const

/** Parses the arguments after `pwsh-pool merge`. */
function parseMergeArguments(args: readonly string[], {version, helpWidth}: ProgramFacts): ParsedMerge {
  const program = new Program('pwsh-pool merge', helpWidth)
  program.command
    .usage('[options] REPORT…')
    .description('Merges the JSON reports or recordings of all shards of a list into one, and checks that nothing is missing or double.')
    .argument('[REPORT...]', 'the reports or recordings of all shards: paths or globs')
  for (const [name, brief] of Object.entries(files)) program.command.addOption(new Option(`--${name} <file>`, brief))
  program.command
    .version(version, '--version', 'print the version')
    .addHelpText(
      'after',
      '\nExit code: 0 all succeeded, 1 some failed or a shard is missing, 2 nothing was merged, 130 a shard was interrupted.'
    )
  const printed = program.parse(args)
  if (printed !== undefined) return printed
  if (program.command.args.length === 0) return program.refusal('no REPORT is given: a path or a glob')
  const given = Object.keys(files).flatMap((name): [string, string][] => {
    const value = program.valueOf(name)
    return value === '' ? [] : [[name, value]]
  })
  return {kind: 'merge', reports: program.command.args, options: new Map(given)}
}
