import {noTimings, withRun} from '../history/timings.ts'
import {renderTimings} from '../history/timings-file.ts'
import type {EventReader} from '../model/event.ts'
import {keepsLogs, type Settings} from '../model/settings.ts'
import type {ShowVerbatim} from '../output/verbatim-log.ts'
import {LogStore} from '../recording/log-store.ts'
import {type ReadableLog, readableLogs} from '../recording/readable-log.ts'
import {plannedTasks, type RunDetails} from '../recording/run-details.ts'
import {RunTimes} from '../recording/run-times.ts'
import {type Append, writeStreamed} from '../recording/streamed-file.ts'
import {traceReport} from '../recording/trace-report.ts'
import {recordingLogLimits, writeRecording} from '../recording/write-recording.ts'
import type {Mask, ReportedRun} from '../report/masked-run.ts'
import type {RunReport} from '../report/report-schema.ts'
import {reportOf} from '../report/run-report.ts'
import {count} from '../report/wording.ts'
import {isSystemError} from '../text/bug.ts'
import {type PageTemplate, pageLogLimit, writeHtmlReport} from './html-report.ts'
import {pageObjects} from './page-objects.ts'

/** Absolute paths of the files that are written from a capture; `undefined` for those not requested. */
export type CaptureFiles = Pick<Settings, 'htmlReport' | 'recording' | 'traceReport'>

/** What a capture needs of its surroundings. */
export interface CaptureHost {
  /** A folder for temporary files; absolute. */
  readonly temporaryFolder: string
  readonly show: ShowVerbatim
  readonly mask: Mask
  /** The page without data; that of the build unless it is given. */
  readonly template?: PageTemplate | undefined
}

/** A run as the files are made of it; masked. */
interface CapturedRun {
  readonly report: RunReport
  readonly plan: RunDetails
  readonly logs: readonly ReadableLog[]
  readonly logsLeftOut: string | null
}

/** Keeps of a run what its page, its recording and its trace show beside the report, from the run's events, and writes these files in the end. */
export class RunCapture {
  readonly #files: CaptureFiles
  readonly #mask: Mask
  readonly #template: PageTemplate | undefined
  readonly #times = new RunTimes()
  readonly #store: LogStore

  constructor(files: CaptureFiles, {temporaryFolder, show, mask, template}: CaptureHost) {
    this.#files = files
    this.#template = template
    this.#mask = mask
    this.#store = new LogStore({
      temporaryFolder,
      limit: files.recording === undefined ? pageLogLimit : recordingLogLimits.whole,
      show
    })
  }

  /** Reads the events of the run: none if no file is requested. */
  get readers(): readonly EventReader[] {
    const {traceReport} = this.#files
    if (keepsLogs(this.#files)) return [this.#times.read, this.#store.read]
    return traceReport === undefined ? [] : [this.#times.read]
  }

  /** Writes the files. `run` is masked. Returns a sentence for each that could not be written. */
  async write(run: ReportedRun): Promise<readonly string[]> {
    const {htmlReport, recording, traceReport: trace} = this.#files
    if (htmlReport === undefined && recording === undefined && trace === undefined) return []
    const captured = this.#captured(run)
    const logLimit = run.record.cancelled ? recordingLogLimits.cancelled : recordingLogLimits.whole
    try {
      return [
        ...(await writeFile('html-report', htmlReport, append =>
          writeHtmlReport({...captured, objects: pageObjects(run.record, this.#mask)}, append, {template: this.#template})
        )),
        ...(await writeFile('trace-report', trace, append => writePieces(traceReport(captured.report, captured.plan), append))),
        ...(await writeFile('recording', recording, append => writeRecording({...captured, timings: this.#timings(run)}, append, logLimit)))
      ]
    } finally {
      await this.#store.discard()
    }
  }

  #captured(run: ReportedRun): CapturedRun {
    const {record} = run
    const positions = new Map(record.tasks.map(({task}, position) => [task.index, position]))
    const {boots, waits} = this.#times
    return {
      report: reportOf(run),
      plan: {tasks: plannedTasks(record, this.#mask), boots, waits},
      logs: readableLogs(this.#store, positions),
      logsLeftOut: this.#leftOut()
    }
  }

  /** The durations of this run alone. */
  #timings({record}: ReportedRun): string {
    return renderTimings(withRun(noTimings, record, record.endedAt, this.#mask))
  }

  #leftOut(): string | null {
    const {leftOut, lostBecause} = this.#store
    if (lostBecause !== undefined) return `Logs could not be kept: ${this.#mask(lostBecause)}.`
    return leftOut === 0 ? null : `${count(leftOut, 'log')} of later attempts ${leftOut === 1 ? 'is' : 'are'} left out for the size of all.`
  }
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

/** Pieces that are written at once, in UTF-16 units. */
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
