import {Readable} from 'node:stream'
import {ZipFile} from 'yazl'
import {count} from '../report/wording.ts'
import {chooseLogs} from './readable-log.ts'
import {recordingFiles, recordingVersion} from './recording-schema.ts'
import type {CapturedRun} from './run-details.ts'
import type {Append} from './streamed-file.ts'

/** Limit of all logs in a recording, in bytes; after a cancel there is less time to write them. */
export const recordingLogLimits = {whole: 256 * 1024 * 1024, cancelled: 32 * 1024 * 1024} as const

/** The contents of a recording, masked. */
export interface RecordingSource extends CapturedRun {
  /** The durations of this run, as the text of a timings file; `undefined` for none. */
  readonly timings: string | undefined
}

/** Writes a run as a zip: `recording.json`, `report.json`, `plan.json`, `timings.json` and its logs. Rejects with what reading or writing throws. */
export async function writeRecording(
  {report, plan, timings, logs, logsLeftOut}: RecordingSource,
  append: Append,
  limit: number = recordingLogLimits.whole
): Promise<void> {
  const chosen = chooseLogs(logs, limit)
  const reasons = [leftOutText(chosen.leftOut, limit), logsLeftOut].filter(reason => reason !== null)
  const zip = new ZipFile()
  const options = {mtime: new Date(report.endedAt ?? report.startedAt), mode: 0o100644}
  const addJson = (name: string, value: unknown) => zip.addBuffer(Buffer.from(`${JSON.stringify(value)}\n`), name, options)
  // An error while reading a log ends the recording.
  const failed = new Promise<never>((_, reject) => {
    zip.on('error', reject)
  })
  const manifest = chosen.logs.map(({task, attempt, isFailed, length, leftOut}) => ({task, attempt, isFailed, length, leftOut}))
  addJson(recordingFiles.manifest, {version: recordingVersion, logs: manifest, logsLeftOut: reasons.join(' ') || null})
  addJson(recordingFiles.report, report)
  addJson(recordingFiles.plan, plan)
  if (timings !== undefined) zip.addBuffer(Buffer.from(timings), recordingFiles.timings, options)
  const digits = String(report.tasks.length).length
  for (const {task, attempt, chunks} of chosen.logs) {
    const name = `logs/${String(task + 1).padStart(digits, '0')}.${attempt}.log`
    zip.addReadStreamLazy(name, options, callback => callback(null, Readable.from(copies(chunks()), {objectMode: false})))
  }
  zip.end()
  const written = (async () => {
    for await (const bytes of zip.outputStream) await append(bytes as Buffer)
  })()
  await Promise.race([written, failed])
}

/** Copies each chunk, because the stream keeps chunks until after the next one is read, which may overwrite them. */
async function* copies(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) yield Buffer.from(chunk)
}

function leftOutText(logs: number, limit: number): string | null {
  return logs === 0
    ? null
    : `${count(logs, 'log')} ${logs === 1 ? 'is' : 'are'} left out: a recording holds ${limit / 1024 / 1024} MiB of logs, failures first.`
}
