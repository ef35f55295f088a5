import type {EventReader} from '../model/event.ts'
import {keepsLogs, type LogFiles} from '../model/settings.ts'
import type {ShowVerbatim} from '../output/verbatim-log.ts'
import type {Mask, ReportedRun} from '../report/masked-run.ts'
import {reportOf} from '../report/run-report.ts'
import {count} from '../report/wording.ts'
import {isSystemError} from '../text/bug.ts'
import {pageLogLimit, readableLogs, writeHtmlReport} from './html-report.ts'
import {LogStore} from './log-store.ts'
import {plannedTasks} from './page-data.ts'
import {RunTimes} from './run-times.ts'
import {type Append, writeStreamed} from './streamed-file.ts'

/** What a capture needs of its surroundings. */
export interface CaptureHost {
  /** A folder for temporary files; absolute. */
  readonly temporaryFolder: string
  readonly show: ShowVerbatim
  readonly mask: Mask
}

/** Keeps of a run what the page shows beside the report, from the run's events, and writes the files in the end. */
export class RunCapture {
  readonly #files: LogFiles
  readonly #mask: Mask
  readonly #times = new RunTimes()
  readonly #store: LogStore

  constructor(files: LogFiles, {temporaryFolder, show, mask}: CaptureHost) {
    this.#files = files
    this.#mask = mask
    this.#store = new LogStore({temporaryFolder, limit: pageLogLimit, show})
  }

  /** Reads the events of the run: none if no file is requested. */
  get readers(): readonly EventReader[] {
    return keepsLogs(this.#files) ? [this.#times.read, this.#store.read] : []
  }

  /** Writes the files. `run` is masked. Returns a sentence for each that could not be written. */
  async write(run: ReportedRun): Promise<readonly string[]> {
    const {htmlReport} = this.#files
    try {
      return [...(await this.#writeFile('html-report', htmlReport, append => this.#writePage(run, append)))]
    } finally {
      await this.#store.discard()
    }
  }

  /** Removes temporary files, if nothing is to be written. */
  discard(): Promise<void> {
    return this.#store.discard()
  }

  async #writeFile(input: string, file: string | undefined, write: (append: Append) => Promise<void>): Promise<readonly string[]> {
    if (file === undefined) return []
    try {
      await writeStreamed(file, write)
      return []
    } catch (error) {
      if (!isSystemError(error)) throw error
      return [`The file of "${input}" could not be written: ${error.message}`]
    }
  }

  async #writePage(run: ReportedRun, append: Append): Promise<void> {
    const {record} = run
    const positions = new Map(record.tasks.map(({task}, position) => [task.index, position]))
    const {boots, waits} = this.#times
    await writeHtmlReport(
      {
        report: reportOf(run),
        plan: {tasks: plannedTasks(record, this.#mask), boots, waits},
        logs: readableLogs(this.#store, positions),
        logsLeftOut: this.#leftOut()
      },
      append
    )
  }

  #leftOut(): string | null {
    const {leftOut, lostBecause} = this.#store
    if (lostBecause !== undefined) return `Logs could not be kept: ${this.#mask(lostBecause)}.`
    return leftOut === 0 ? null : `${count(leftOut, 'log')} of later attempts ${leftOut === 1 ? 'is' : 'are'} left out for the size of all.`
  }
}
