import {mergeSummaries} from '../file-command/merge-summaries.ts'
import {renderPage, summaryBudget} from '../report/job-summary.ts'
import type {ReportedRun} from '../report/masked-run.ts'
import {type ReportFiles, unwritten, writeReports, writeWithFolders} from '../report/report-files.ts'

/** Where the results of a run go: absolute paths. */
export interface ResultFiles extends ReportFiles {
  /** The job summary, in place of what was there. */
  readonly summary: string | undefined
}

/** Writes the reports, and the page with what the tasks wrote to their own. `run`: masked. Returns a sentence for each that could not be written. */
export function publishRun(run: ReportedRun, files: ResultFiles): readonly string[] {
  const {summary} = files
  return [
    ...writeReports(run, files),
    ...(summary === undefined ? [] : unwritten('The file of "summary"', () => writeWithFolders(summary, summaryOf(run))))
  ]
}

function summaryOf(run: ReportedRun): string {
  const page = renderPage(run, 'all')
  const own = run.record.tasks.map(({task, attempts}) => ({name: task.name, summary: attempts.at(-1)?.changes.summary ?? ''}))
  const ownPages = mergeSummaries(own, summaryBudget - Buffer.byteLength(page) - 1)
  return ownPages === '' ? page : `${page}\n${ownPages}`
}
