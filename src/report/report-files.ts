import {lstatSync, mkdirSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {renderJUnitReport} from './junit-report.ts'
import type {ReportedRun} from './masked-run.ts'
import {renderRunReport} from './run-report.ts'

/** The files that a run is reported in: absolute paths, `undefined` for those that are not wanted. */
export interface ReportFiles {
  /** The JSON report that the run keeps for itself, in an existing folder. */
  readonly reportFile?: string | undefined
  /** The JSON report where it is wanted. */
  readonly jsonReport: string | undefined
  readonly junitReport: string | undefined
}

/** Writes the reports, and makes the folders that they are wanted in. Returns a sentence for each that could not be written. */
export function writeReports(run: ReportedRun, {reportFile, jsonReport, junitReport}: ReportFiles): readonly string[] {
  const json = renderRunReport(run.record)
  return [
    ...(reportFile === undefined ? [] : unwritten('The report', () => writeFileSync(reportFile, json))),
    ...writeReport('json-report', jsonReport, () => json),
    ...writeReport('junit-report', junitReport, () => renderJUnitReport(run))
  ]
}

function writeReport(input: string, file: string | undefined, render: () => string): readonly string[] {
  return file === undefined ? [] : unwritten(`The file of "${input}"`, () => writeWithFolders(file, render()))
}

/**
 * Writes a file in a folder that need not be there yet. It is never seen half written: it takes the place of what was there at once. What is no
 * ordinary file, such as `/dev/stdout`, is written to as it is.
 */
export function writeWithFolders(file: string, text: string): void {
  mkdirSync(path.dirname(file), {recursive: true})
  const there = lstatSync(file, {throwIfNoEntry: false})
  if (there !== undefined && !there.isFile()) {
    writeFileSync(file, text)
    return
  }
  const fresh = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.tmp`)
  try {
    writeFileSync(fresh, text)
    renameSync(fresh, file)
  } catch (error) {
    rmSync(fresh, {force: true})
    throw error
  }
}

/** Does what writes something; a sentence if that fails. */
export function unwritten(what: string, write: () => void): readonly string[] {
  try {
    write()
    return []
  } catch (error) {
    return [`${what} could not be written: ${(error as Error).message}`]
  }
}
