import {noTimings, withRun} from '../history/timings.ts'
import {renderTimings} from '../history/timings-file.ts'
import type {Settings} from '../model/settings.ts'
import type {CapturedRun} from '../recording/run-details.ts'
import {type Append, writeStreamed} from '../recording/streamed-file.ts'
import {traceReport} from '../recording/trace-report.ts'
import {recordingLogLimits, writeRecording} from '../recording/write-recording.ts'
import type {Mask, ReportedRun} from '../report/masked-run.ts'
import {isSystemError} from '../text/bug.ts'
import {type PageTemplate, writeHtmlReport} from './html-report.ts'
import {pageObjects} from './page-objects.ts'

/** Absolute paths of the files about a whole run; `undefined` for those not requested. */
export type RunFiles = Pick<Settings, 'htmlReport' | 'recording' | 'traceReport'>

/** Options for writing the files. */
export interface RunFileOptions {
  readonly mask: Mask
  /** The page without data; default: that of the build. */
  readonly template?: PageTemplate | undefined
}

/**
 * Writes the page, the trace and the recording of a run. The run and its capture are masked. Returns a sentence for each file that could not be
 * written.
 */
export async function writeRunFiles(
  {htmlReport, recording, traceReport: trace}: RunFiles,
  captured: CapturedRun,
  {record}: Pick<ReportedRun, 'record'>,
  {mask, template}: RunFileOptions
): Promise<readonly string[]> {
  const limit = record.cancelled ? recordingLogLimits.cancelled : recordingLogLimits.whole
  // The timings of this run alone.
  const timings = () => renderTimings(withRun(noTimings, record, record.endedAt, mask))
  return [
    ...(await writeFile('html-report', htmlReport, append =>
      writeHtmlReport({...captured, objects: pageObjects(record, mask)}, append, {template})
    )),
    ...(await writeFile('trace-report', trace, append => writePieces(traceReport(captured.report, captured.plan), append))),
    ...(await writeFile('recording', recording, append => writeRecording({...captured, timings: timings()}, append, limit)))
  ]
}

async function writeFile(input: string, file: string | undefined, write: (append: Append) => Promise<void>): Promise<readonly string[]> {
  if (file === undefined) return []
  try {
    await writeStreamed(file, write)
    return []
  } catch (error) {
    if (!isSystemError(error)) throw error
    return [`The file of "${input}" could not be written: ${error.message}`]
  }
}

/** Text that is written at once, in UTF-16 units. */
const batchSize = 64 * 1024

async function writePieces(pieces: Iterable<string>, append: Append): Promise<void> {
  let batch = ''
  for (const piece of pieces) {
    batch += piece
    if (batch.length < batchSize) continue
    await append(batch)
    batch = ''
  }
  await append(batch)
}
