import path from 'node:path'
import type {EventReader} from '../event.ts'
import {type InputMistake, type InputSource, loadSettings} from '../inputs/load-settings.ts'
import {currentReport} from '../report/current-report.ts'
import type {FailureTails} from '../report/failure-tails.ts'
import {workflowMarkup} from '../report/log-markup.ts'
import type {WriteLines} from '../report/log-writer.ts'
import {renderPlan} from '../report/plan.ts'
import {type Complaint, renderRefusal, scriptComplaint} from '../report/refusal.ts'
import {createTaskLog} from '../report/task-log.ts'
import {runResult} from '../report/totals.ts'
import {type Refusal, type RunHost, readTasks, runTasks} from '../run.ts'
import {renderMistake} from '../task-list/mistakes.ts'
import {unreachable} from '../unreachable.ts'
import type {Cancellation} from './cancellation.ts'
import {hurriedReader, hurriedWrite} from './hurry.ts'
import {publishRun} from './reporting.ts'

/** What the action needs of the process that it is. */
export interface ActionHost extends Omit<RunHost, 'readers' | 'onCancel' | 'listenTo' | 'listenToSetup'> {
  readonly inputs: InputSource
  /** The step's log. */
  readonly write: WriteLines
  readonly cancellation: Cancellation
}

/** The exit code of the step: 0 if no task failed that may not. */
export type ExitCode = 0 | 1

/** The action, from its inputs to its outputs. Rejects only for a bug or a log that cannot be written. */
export async function runAction(host: ActionHost): Promise<ExitCode> {
  const {cancellation} = host
  const {hurry, onCancel} = cancellation
  const write = hurriedWrite(host.write, hurry)
  const settings = loadSettings(host.inputs)
  if (!settings.ok) {
    await write(renderRefusal(settings.error.map(inputComplaint), {markup: workflowMarkup, annotates: true}))
    return 1
  }
  const {annotations, dryRun} = settings.value
  const log = createTaskLog(settings.value, {write, markup: workflowMarkup, isDebug: host.environment.RUNNER_DEBUG === '1'})
  const {listReaders, listenTo, listenToSetup, tails, mask} = log
  const readers = [...log.readers, ...currentReport(settings.value.jsonReport, mask)]
  const refuse = async (refusal: Refusal): Promise<ExitCode> => {
    await write(renderRefusal(complaintsOf(refusal, tails), {markup: workflowMarkup, annotates: annotations, mask}))
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
  if (!tasks.ok) return refuse(tasks.error)
  if (dryRun) {
    await write(`${mask(renderPlan(tasks.value, settings.value))}\n`)
    return 0
  }
  const run = await runTasks(tasks.value, settings.value, toldBy(readers))
  if (!run.ok) return refuse(run.error)
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

function complaintsOf(refusal: Refusal, tails: FailureTails): readonly Complaint[] {
  switch (refusal.reason) {
    case 'no-list':
    case 'wrong-list':
      return refusal.mistakes.map(mistake => {
        const {file, line, column} = mistake.place
        const properties = file === undefined ? {} : {file, line, col: column}
        return {text: renderMistake({...mistake, excerpt: undefined}), excerpt: mistake.excerpt, properties}
      })
    case 'no-powershell':
      return refusal.messages.map(text => ({text}))
    case 'list-script':
      return [scriptComplaint(refusal.script, tails)]
    default:
      return unreachable(refusal)
  }
}
