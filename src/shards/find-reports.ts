import path from 'node:path'
import {globSync} from 'tinyglobby'
import {parseReport, readReport} from '../history/read-report.ts'
import {failure, type Result, success} from '../model/result.ts'
import {readRecording} from '../recording/read-recording.ts'
import {count} from '../report/wording.ts'
import {readAtMost} from '../system/bounded-read.ts'
import {quoted} from '../text/quoted.ts'
import type {ShardReport} from './check-shards.ts'

/** Most files that are read: a matrix on GitHub has at most 256 jobs, and each may have been rerun. */
const maxFiles = 10_000

/**
 * Reads the reports and opens the recordings that paths and globs name, relative to `folder` (absolute), each once. The error lists patterns that
 * match no file, and files that are neither a report nor a recording. The caller closes the recordings with `closeReports`.
 */
export async function findReports(patterns: readonly string[], folder: string): Promise<Result<readonly ShardReport[], readonly string[]>> {
  const mistakes: string[] = []
  const files = new Set<string>()
  for (const pattern of patterns) {
    const found = globSync(pattern.replaceAll(path.sep, '/'), {cwd: folder, absolute: true, expandDirectories: false, dot: true}).sort()
    if (found.length === 0) mistakes.push(`no file is ${quoted(pattern)}`)
    for (const file of found) files.add(path.normalize(file))
  }
  if (files.size > maxFiles) return failure([`${files.size} files are too many: at most ${maxFiles} reports are merged`])
  const reports: ShardReport[] = []
  for (const file of files) {
    const shown = shownPath(file, folder)
    const found = isZip(file) ? await recordedReport(file) : reportIn(file)
    if (found.ok) reports.push({shown, ...found.value})
    else mistakes.push(`${quoted(shown)} ${found.error}`)
  }
  if (mistakes.length === 0) return success(reports)
  closeReports(reports)
  return failure(mistakes)
}

/** Closes the recordings among these. */
export function closeReports(reports: readonly ShardReport[]): void {
  for (const {recording} of reports) recording?.close()
}

type FoundReport = Result<Omit<ShardReport, 'shown'>, string>

function reportIn(file: string): FoundReport {
  const report = readReport(file)
  return report.ok ? success({report: report.value}) : report
}

async function recordedReport(file: string): Promise<FoundReport> {
  const opened = await readRecording(file)
  if (!opened.ok) return opened
  const recording = opened.value
  const report = parseReport(recording.report)
  const tasks = recording.plan.tasks.length
  if (report.ok && report.value.tasks.length === tasks) return success({report: report.value, recording})
  recording.close()
  return failure(
    report.ok
      ? `contradicts itself: its plan has ${count(tasks, 'task')}, and its report ${report.value.tasks.length}`
      : `has a report that ${report.error}`
  )
}

/** The first bytes of a zip: of an entry, or of the end record if it is empty. */
const zipStarts = ['PK\x03\x04', 'PK\x05\x06']

/** Decides by the first bytes, whatever the name. A file that is named as a zip is also opened as one, which reports the error. */
function isZip(file: string): boolean {
  const start = readAtMost(file, 4)
  if (!start.ok) return false
  return zipStarts.includes(Buffer.from(start.value.bytes).toString('latin1')) || path.extname(file).toLowerCase() === '.zip'
}

function shownPath(file: string, folder: string): string {
  const relative = path.relative(folder, file)
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative.split(path.sep).join('/')
}
