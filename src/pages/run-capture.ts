import type {EventReader} from '../model/event.ts'
import {keepsLogs} from '../model/settings.ts'
import type {ShowVerbatim} from '../output/verbatim-log.ts'
import {LogStore} from '../recording/log-store.ts'
import {readableLogs} from '../recording/readable-log.ts'
import {type CapturedRun, plannedTasks} from '../recording/run-details.ts'
import {RunTimes} from '../recording/run-times.ts'
import {recordingLogLimits} from '../recording/write-recording.ts'
import type {ReportedRun} from '../report/masked-run.ts'
import {reportOf} from '../report/run-report.ts'
import {count} from '../report/wording.ts'
import {pageLogLimit} from './html-report.ts'
import {type RunFileOptions, type RunFiles, writeRunFiles} from './run-files.ts'

/** The surroundings of a capture. */
export interface CaptureHost extends RunFileOptions {
  /** A folder for temporary files; absolute. */
  readonly temporaryFolder: string
  readonly show: ShowVerbatim
}

/** Keeps what the page, the recording and the trace of a run show besides the report, as the events arrive, and writes these files at the end. */
export class RunCapture {
  readonly #files: RunFiles
  readonly #options: RunFileOptions
  readonly #times = new RunTimes()
  readonly #store: LogStore

  constructor(files: RunFiles, {temporaryFolder, show, mask, template}: CaptureHost) {
    const {htmlReport, recording, traceReport} = files
    this.#files = {htmlReport, recording, traceReport}
    this.#options = {mask, template}
    this.#store = new LogStore({
      temporaryFolder,
      limit: recording === undefined ? pageLogLimit : recordingLogLimits.whole,
      show
    })
  }

  /** The readers of the run's events; none if no file is requested. */
  get readers(): readonly EventReader[] {
    const {traceReport} = this.#files
    if (keepsLogs(this.#files)) return [this.#times.read, this.#store.read]
    return traceReport === undefined ? [] : [this.#times.read]
  }

  /** Writes the files. `run` is masked. Returns a sentence for each that could not be written. */
  async write(run: ReportedRun): Promise<readonly string[]> {
    if (Object.values(this.#files).every(file => file === undefined)) return []
    try {
      return await writeRunFiles(this.#files, this.#captured(run), run, this.#options)
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
      plan: {tasks: plannedTasks(record, this.#options.mask), boots, waits},
      logs: readableLogs(this.#store, positions),
      logsLeftOut: this.#leftOut()
    }
  }

  #leftOut(): string | null {
    const {leftOut, lostBecause} = this.#store
    if (lostBecause !== undefined) return `Logs could not be kept: ${this.#options.mask(lostBecause)}.`
    return leftOut === 0 ? null : `${count(leftOut, 'log')} of later attempts ${leftOut === 1 ? 'is' : 'are'} left out for the size of all.`
  }
}
