import path from 'node:path'
import {globSync} from 'tinyglobby'
import {readReport} from '../history/read-report.ts'
import {failure, type Result, success} from '../model/result.ts'
import {quoted} from '../text/quoted.ts'
import type {ShardReport} from './check-shards.ts'

/** Most files that are read: GitHub has at most 256 jobs in a matrix, and each may have been run again. */
const maxFiles = 10_000

/**
 * Reads the reports that paths and globs name, relative to `folder` (absolute), each once. The error lists patterns without a file and files that are
 * no report.
 */
export function findReports(patterns: readonly string[], folder: string): Result<readonly ShardReport[], readonly string[]> {
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
    const report = readReport(file)
    if (report.ok) reports.push({shown, report: report.value})
    else mistakes.push(`${quoted(shown)} ${report.error}`)
  }
  return mistakes.length > 0 ? failure(mistakes) : success(reports)
}

function shownPath(file: string, folder: string): string {
  const relative = path.relative(folder, file)
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative.split(path.sep).join('/')
}
