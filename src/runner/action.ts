import path from 'node:path'
import type {EventReader} from '../event.ts'
import {type InputMistake, type InputSource, loadSettings} from '../inputs/load-settings.ts'
import {currentReport} from '../report/current-report.ts'
import {workflowMarkup} from '../report/log-markup.ts'
import type {WriteLines} from '../report/log-writer.ts'
import {renderPlan} from '../report/plan.ts'
import type {Complaint} from '../report/refusal.ts'
import {createTaskLog} from '../report/task-log.ts'
import {runResult} from '../report/totals.ts'
import {type Refusal, type RunHost, readTasks, runTasks} from '../run.ts'
import type {Cancellation} from './cancellation.ts'
import {hurriedReader, hurriedWrite} from './hurry.ts'
import {refusalComplaints, refuse} from './refusing.ts'
import {publishNothing, publishRun, warningLines} from './reporting.ts'

/** What the action needs of the process that it is. */
export interface ActionHost extends Omit<RunHost, 'readers' | 'onCancel' | 'listenTo' | 'listenToSetup'> {
  readonly inputs: InputSource
  /** The step's log. */
  readonly write: WriteLines
  readonly cancellation: Cancellation
  /** Whether the log is to say what is decided. */
  readonly isDebug: boolean
}

/** The exit code of the step: 0 if no task failed that may not. */
export type ExitCode = 0 | 1

/** The action, from its inputs to its outputs. Rejects only for a bug or a log that cannot be written. */
export async function runAction(host: ActionHost): Promise<ExitCode> {
  const {cancellation, environment} = host
  const {hurry, onCancel} = cancellation
  const write = hurriedWrite(host.write, hurry)
  const settings = loadSettings(host.inputs)
  if (!settings.ok) {
    const summary = host.inputs.read('summary').trim() === 'none' ? 'none' : 'all'
    await refuse(settings.error.map(inputComplaint), {
      write,
      mask: text => text,
      annotates: true,
      summary,
      environment,
      isCancelled: false
    })
    return 1
  }
  const {annotations, dryRun, summary} = settings.value
  const log = createTaskLog(settings.value, {write, markup: workflowMarkup, isDebug: host.isDebug})
  const {listReaders, listenTo, listenToSetup, tails, mask} = log
  const readers = [...log.readers, ...currentReport(settings.value.jsonReport, mask)]
  const refused = async (refusal: Refusal): Promise<ExitCode> => {
    const {isCancelled} = cancellation
    const targets = {write, mask, annotates: annotations, summary, environment, isCancelled}
    await refuse(refusalComplaints(refusal, tails, isCancelled), targets)
    return 1
  }
  const toldBy = (told: readonly EventReader[]): RunHost => ({
    ...host,
    readers: told.map(read => hurriedReader(read, hurry)),
    onCancel,
    listenTo,
    listenToSetup
  })
  cancellation.begin()
  const tasks = await readTasks(settings.value, toldBy(listReaders))
  if (!tasks.ok) return refused(tasks.error)
  if (dryRun) {
    const warnings = warningLines(publishNothing('success', '', environment).map(mask), annotations)
    await write([mask(renderPlan(tasks.value, settings.value)), ...warnings].map(text => `${text}\n`).join(''))
    return 0
  }
  const run = await runTasks(tasks.value, settings.value, toldBy(readers))
  if (!run.ok) return refused(run.error)
  const {record, folder} = run.value
  await publishRun(record, tails, {
    ...host,
    ...settings.value,
    write,
    mask,
    reportFile: path.join(folder, 'report.json'),
    platform: process.platform
  })
  return runResult(record) === 'success' ? 0 : 1
}

const inputComplaint = ({input, message}: InputMistake): Complaint => ({text: `${input}: ${message}`})
