import {fileErrorWarnings} from '../file-commands/merge-changes.ts'
import {type MergedSummaries, mergeSummaries} from '../file-commands/merge-summaries.ts'
import {changesOf} from '../model/verdict.ts'
import {renderPage, summaryBudget} from '../pages/job-summary.ts'
import {type PagePlace, pageNote} from '../pages/page-note.ts'
import type {ReportedRun} from '../report/masked-run.ts'
import {type ReportFiles, writeReports} from '../report/report-files.ts'
import {unwritten, writeWithFolders} from '../system/write-file.ts'

/** Absolute paths of the result files. */
export interface ResultFiles extends ReportFiles, PagePlace {
  /** The summary page; replaces an existing file. */
  readonly summary: string | undefined
}

/**
 * Writes the reports, and the summary page with the summaries of the tasks. `run` is masked. Returns a sentence for each file that could not be
 * written, and for each file of a task that could not be used.
 */
export function publishRun(run: ReportedRun, files: ResultFiles): readonly string[] {
  const {summary} = files
  const changes = run.record.tasks.map(record => ({name: record.task.name, changes: changesOf(record)}))
  const page = summary === undefined ? undefined : summaryOf(run, pageNote(files, {}))
  return [
    ...fileErrorWarnings(changes),
    ...writeReports(run, files),
    ...(page?.warnings ?? []),
    ...(summary === undefined ? [] : unwritten('The file of "summary"', () => writeWithFolders(summary, page?.text ?? '')))
  ]
}

function summaryOf(run: ReportedRun, note: string): MergedSummaries {
  const page = renderPage(run, 'all', note)
  const own = run.record.tasks.map(record => ({name: record.task.name, summary: changesOf(record).summary}))
  const {text, warnings} = mergeSummaries(own, summaryBudget - Buffer.byteLength(page) - 1)
  return {text: text === '' ? page : `${page}\n${text}`, warnings}
}
