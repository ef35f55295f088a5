import path from 'node:path'
import {type InputMistake, type InputSource, loadSettings} from '../inputs/load-settings.ts'
import {workflowMarkup} from '../report/log-markup.ts'
import type {WriteLines} from '../report/log-writer.ts'
import {renderPlan} from '../report/plan.ts'
import {type Complaint, renderRefusal} from '../report/refusal.ts'
import {createTaskLog} from '../report/task-log.ts'
import {runResult} from '../report/totals.ts'
import {type Refusal, type RunHost, readTasks, runTasks} from '../run.ts'
import {renderMistake} from '../task-list/mistakes.ts'
import {unreachable} from '../unreachable.ts'
import type {Cancellation} from './cancellation.ts'
import {hurriedReader, hurriedWrite} from './hurry.ts'
import {publishRun} from './reporting.ts'

/** What the action needs of the process that it is. */
export interface ActionHost extends Omit<RunHost, 'readers' | 'onCancel' | 'listenTo'> {
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
  const write = hurriedWrite(host.write, cancellation.hurry)
  const refuse = async (complaints: readonly Complaint[], annotates = true): Promise<ExitCode> => {
    await write(renderRefusal(complaints, {markup: workflowMarkup, annotates}))
    return 1
  }
  const settings = loadSettings(host.inputs)
  if (!settings.ok) return refuse(settings.error.map(inputComplaint))
  const tasks = readTasks(settings.value)
  if (!tasks.ok) return refuse(complaintsOf(tasks.error), settings.value.annotations)
  if (settings.value.dryRun) {
    await write(`${renderPlan(tasks.value, settings.value)}\n`)
    return 0
  }
  cancellation.begin()
  const {readers, listenTo, tails, mask} = createTaskLog(settings.value, {
    write,
    markup: workflowMarkup,
    isDebug: host.environment.RUNNER_DEBUG === '1'
  })
  const run = await runTasks(tasks.value, settings.value, {
    ...host,
    readers: readers.map(read => hurriedReader(read, cancellation.hurry)),
    onCancel: cancellation.onCancel,
    listenTo
  })
  if (!run.ok) return refuse(complaintsOf(run.error), settings.value.annotations)
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

function complaintsOf(refusal: Refusal): readonly Complaint[] {
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
    default:
      return unreachable(refusal)
  }
}
