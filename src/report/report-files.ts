import {lstatSync, mkdirSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {renderJUnitReport} from './junit-report.ts'
import type {ReportedRun} from './masked-run.ts'
import {renderRunReport} from './run-report.ts'

/** Absolute paths of the reports; `undefined` for those not requested. */
export interface ReportFiles {
  /** The JSON report in the run's own folder, which exists. */
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

/** Writes a file atomically, and creates its folder. A special file such as `/dev/stdout` is written to directly. */
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

/** Runs `write`; returns a sentence if it throws. */
export function unwritten(what: string, write: () => void): readonly string[] {
  try {
    write()
    return []
  } catch (error) {
    return [`${what} could not be written: ${(error as Error).message}`]
  }
}
