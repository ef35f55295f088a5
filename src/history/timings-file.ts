import {existsSync} from 'node:fs'
import type {RunRecord} from '../model/event.ts'
import {failure, type Result, success} from '../model/result.ts'
import {readAtMost} from '../system/bounded-read.ts'
import {writeWithFolders} from '../system/write-file.ts'
import {noTimings, type Timings, withRun} from './timings.ts'
import {timingsSchema, timingsSchemaVersion} from './timings-schema.ts'

/** Size limit of a timings file, in bytes: ten durations for each of `maxTimedTasks`. */
const maxBytes = 64 * 1024 * 1024

/** Timings, and a notice if the file could not be used. */
export interface ReadTimings {
  readonly timings: Timings
  readonly notice: string | undefined
}

/** Reads the timings in `file` (absolute; none for `undefined`). A file that is missing or is not a timings file gives no timings and a notice. */
export function readTimings(file: string | undefined): ReadTimings {
  if (file === undefined) return {timings: noTimings, notice: undefined}
  if (!existsSync(file))
    return {timings: noTimings, notice: `timings-file: there is no ${JSON.stringify(file)} yet, so no duration is known`}
  const read = contentsOf(file)
  return read.ok ? {timings: read.value, notice: undefined} : {timings: noTimings, notice: noticeOf(file, read.error)}
}

/**
 * Adds a run that ended at `now` to the timings in `file` (absolute; nothing for `undefined`). The file is replaced in one step; a file that is not a
 * timings file is left unchanged. Returns a sentence if the file could not be written.
 */
export function recordTimings(
  file: string | undefined,
  record: RunRecord,
  mask: (text: string) => string,
  now = Date.now()
): string | undefined {
  if (file === undefined) return undefined
  // Read again, because another step may have written the file during this run.
  const read = contentsOf(file)
  if (!read.ok && !read.error.isReplaced) return noticeOf(file, read.error)
  try {
    writeTimings(file, withRun(read.ok ? read.value : noTimings, record, now, mask))
    return undefined
  } catch (error) {
    return `timings-file: ${JSON.stringify(file)} could not be written: ${(error as Error).message}`
  }
}

/** Replaces the contents of `file` (absolute) with these timings, in one step. Throws file system errors. */
export function writeTimings(file: string, timings: Timings): void {
  writeWithFolders(file, renderTimings(timings))
}

/** The text of a timings file, with one line for each task. */
export function renderTimings(timings: Timings): string {
  const lines = [...timings]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, {durations, seen}]) => JSON.stringify({key, seen: new Date(seen).toISOString(), durations}))
  return `{"schemaVersion":${timingsSchemaVersion},"tasks":[\n${lines.join(',\n')}\n]}\n`
}

/** Parses the text of a timings file. The error is the end of a sentence about the file. */
export function parseTimings(text: string): Result<Timings, string> {
  const parsed = timingsSchema.safeParse(parseJson(text))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const place = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`
    return failure(`has no timings in it (${issue?.message ?? 'unknown'}${place})`)
  }
  return success(new Map(parsed.data.tasks.map(({key, seen, durations}) => [key, {durations, seen: Date.parse(seen)}])))
}

interface Unread {
  /** The end of a sentence about the file. */
  readonly because: string
  /** Whether the file is a damaged timings file and may be overwritten. */
  readonly isReplaced: boolean
}

function contentsOf(file: string): Result<Timings, Unread> {
  const read = readAtMost(file, maxBytes)
  if (!read.ok) return failure({because: read.error, isReplaced: false})
  const {bytes, size} = read.value
  if (size === 0) return success(noTimings)
  const text = Buffer.from(bytes).toString('utf8')
  const isReplaced = beginning.exec(text.slice(0, 100))?.[1] === String(timingsSchemaVersion)
  if (size > maxBytes) return failure({because: `has ${size.toLocaleString('en')} bytes, and 64 MiB is the limit`, isReplaced})
  const timings = parseTimings(text)
  return timings.ok ? timings : failure({because: timings.error, isReplaced})
}

// A mistyped path may name any file, which must not be overwritten.
const beginning = /^\s*\{\s*"schemaVersion"\s*:\s*(\d+)\s*,\s*"tasks"/

const noticeOf = (file: string, {because, isReplaced}: Unread): string =>
  `timings-file: ${JSON.stringify(file)} ${because}, so no duration is known${isReplaced ? '; it is written anew' : ', and it is left as it is'}`

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
