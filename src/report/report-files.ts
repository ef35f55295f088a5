import {writeFileSync} from 'node:fs'
import {unwritten, writeWithFolders} from '../system/write-file.ts'
import {renderJUnitReport} from './junit-report.ts'
import type {ReportedRun} from './masked-run.ts'
import {renderRunReport} from './run-report.ts'

/** Absolute paths of the reports; `undefined` for those not requested. */
export interface ReportFiles {
  /** The JSON report in the folder of the run, which exists. */
  readonly reportFile?: string | undefined
  /** The JSON report that the user requested. */
  readonly jsonReport: string | undefined
  readonly junitReport: string | undefined
}

/** Writes the reports and creates their folders. Returns a sentence for each that could not be written. */
export function writeReports(run: ReportedRun, {reportFile, jsonReport, junitReport}: ReportFiles): readonly string[] {
  const json = renderRunReport(run)
  return [
    ...(reportFile === undefined ? [] : unwritten('The report', () => writeFileSync(reportFile, json))),
    ...writeReport('json-report', jsonReport, () => json),
    ...writeReport('junit-report', junitReport, () => renderJUnitReport(run))
  ]
}

function writeReport(input: string, file: string | undefined, render: () => string): readonly string[] {
  return file === undefined ? [] : unwritten(`The file of "${input}"`, () => writeWithFolders(file, render()))
}
