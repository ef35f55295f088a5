import path from 'node:path'
import {appendToStepFiles} from '../file-commands/step-files.ts'
import {originOf} from '../history/run-origin.ts'
import {recordTimings} from '../history/timings-file.ts'
import {type InputMistake, type InputSource, loadSettings} from '../inputs/load-settings.ts'
import {workflowMarkup} from '../log/log-markup.ts'
import type {WriteLines} from '../log/log-writer.ts'
import type {Complaint} from '../log/refusal.ts'
import {createTaskLog} from '../log/task-log.ts'
import type {EventReader} from '../model/event.ts'
import {success} from '../model/result.ts'
import type {SummaryMode} from '../model/settings.ts'
import {noChanges} from '../model/task-changes.ts'
import {RunCapture} from '../pages/run-capture.ts'
import {currentReport} from '../report/current-report.ts'
import {renderPlan} from '../report/dry-run.ts'
import type {Mask} from '../report/masked-run.ts'
import {runResult} from '../report/totals.ts'
import {objectsFolderOf, type Refusal, type RunHost, readTasks, runTasks, type SetUp, setUpOnce} from '../run.ts'
import {type PlanNote, planTasks} from '../shards/plan-tasks.ts'
import {removePath} from '../system/remove-path.ts'
import type {UncaughtFaults} from '../system/uncaught-faults.ts'
import {describeFault} from '../text/bug.ts'
import {workflowCommand} from '../workflow-commands/workflow-command.ts'
import type {Cancellation} from './cancellation.ts'
import {withReadDeadline, withWriteDeadline} from './log-deadline.ts'
import {refusalComplaints, refuse} from './refusing.ts'
import {faultLine, publishFault, publishNothing, publishRun, remarkLine, warningLines} from './reporting.ts'

/** Everything the action takes from its process, so that tests can run it without one. */
export interface ActionHost extends Omit<RunHost, 'readers' | 'onCancel' | 'onFault' | 'createListener' | 'createSetupListener'> {
  readonly inputs: InputSource
  /** The step's log. */
  readonly write: WriteLines
  readonly cancellation: Cancellation
  readonly faults: UncaughtFaults
  /** `true` adds debug lines to the log: decisions of the pool, processes, signals. */
  readonly isDebug: boolean
}

/** 0 unless a task failed the run, or the run itself failed. */
export type ExitCode = 0 | 1

/** State from which `reportFault` continues if the step breaks. */
interface Progress {
  mask: Mask
  annotates: boolean
  summary: SummaryMode
  /** `true` once the outputs have been set, or are being set. */
  hasOutputs: boolean
}

/** Runs the step from its inputs to its outputs. The outputs are set even if everything else fails. Rejects only if the log cannot be written. */
export async function runAction(host: ActionHost): Promise<ExitCode> {
  const {faults} = host
  const progress: Progress = {mask: text => text, annotates: true, summary: 'none', hasOutputs: false}
  faults.begin()
  try {
    const exitCode = await runStep(host, progress)
    const {unreported} = faults
    if (unreported === undefined) return exitCode
    await reportFault(unreported.error, host, progress)
  } catch (error) {
    await reportFault(error, host, progress)
  }
  return 1
}

async function reportFault(error: unknown, host: ActionHost, {hasOutputs, ...progress}: Progress): Promise<void> {
  const {environment, cancellation} = host
  const write = withWriteDeadline(host.write, cancellation.logDeadline)
  const text = describeFault(error)
  if (!hasOutputs) return refuse([{text}], {...progress, write, environment, isCancelled: false})
  const warnings = warningLines(publishFault(environment).map(progress.mask), progress.annotates)
  await write([faultLine(progress.mask(text), progress.annotates), ...warnings].map(line => `${line}\n`).join(''))
}

async function runStep(host: ActionHost, progress: Progress): Promise<ExitCode> {
  const {cancellation, environment, faults} = host
  const {logDeadline, onCancel} = cancellation
  const write = withWriteDeadline(host.write, logDeadline)
  // In debug mode the runner also prints the commands that it carries out. The setting ends with the step, so nothing restores it.
  if (host.isDebug) await write(`${workflowCommand('echo', 'off')}\n`)
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
    progress.hasOutputs = true
    return 1
  }
  const {annotations, dryRun, summary} = settings.value
  const log = createTaskLog(settings.value, {write, markup: workflowMarkup, isDebug: host.isDebug})
  const {listReaders, createListener, createSetupListener, tails, mask} = log
  Object.assign(progress, {mask, annotates: annotations, summary})
  const origin = originOf(environment)
  const capture = new RunCapture(settings.value, {temporaryFolder: host.temporaryFolder, show: log.showVerbatim, mask})
  const readers = [...log.readers, ...currentReport(settings.value.jsonReport, mask, origin), ...capture.readers]
  const refused = async (refusal: Refusal): Promise<ExitCode> => {
    const {isCancelled} = cancellation
    progress.hasOutputs = true
    const targets = {write, mask, annotates: annotations, summary, environment, isCancelled}
    await refuse(refusalComplaints(refusal, tails, isCancelled), targets)
    // Later steps need what `setup-once` set, for example to sign out.
    const {env, paths} = (refusal.reason === 'script' ? refusal.changes : undefined) ?? setUp.changes
    const unwritten = appendToStepFiles({...noChanges, env, paths}, {environment, platform: process.platform})
    if (unwritten.length > 0)
      await write(
        warningLines(unwritten.map(mask), annotations)
          .map(line => `${line}\n`)
          .join('')
      )
    return 1
  }
  const hostWith = (added: readonly EventReader[]): RunHost => ({
    ...host,
    readers: added.map(read => withReadDeadline(read, logDeadline)),
    onCancel,
    onFault: faults.onFault,
    createListener,
    createSetupListener
  })
  const noteLine = ({type, text}: PlanNote): string => remarkLine(type, mask(text), annotations)
  cancellation.begin()
  let setUp: SetUp = {environment, changes: noChanges}
  // A list that needs no script is read first, so nothing runs if it has mistakes.
  const isFirst = settings.value.list.kind === 'script'
  const runSetUp = () => (dryRun ? success(setUp) : setUpOnce(settings.value, hostWith(listReaders)))
  const first = isFirst ? await runSetUp() : success(setUp)
  if (!first.ok) return refused(first.error)
  setUp = first.value
  const tasks = await readTasks(settings.value, {...hostWith(listReaders), environment: setUp.environment})
  if (!tasks.ok) return refused(tasks.error)
  const planned = planTasks(tasks.value, settings.value, origin)
  if (dryRun) {
    progress.hasOutputs = true
    const {notes, tasks: shown, kept} = planned
    const warnings = warningLines(publishNothing('success', '', environment).map(mask), annotations)
    await write([...notes.map(noteLine), mask(renderPlan(shown, {...settings.value, kept})), ...warnings].map(text => `${text}\n`).join(''))
    return 0
  }
  if (planned.notes.length > 0) await write(planned.notes.map(note => `${noteLine(note)}\n`).join(''))
  const second = isFirst || planned.tasks.length === 0 ? success(setUp) : await runSetUp()
  if (!second.ok) return refused(second.error)
  setUp = second.value
  const run = await runTasks(planned, settings.value, {...hostWith(readers), environment: setUp.environment})
  if (!run.ok) return refused(run.error)
  const {record, folder, unreported} = run.value
  progress.hasOutputs = true
  const isWhole = await publishRun(
    {record, tails, origin},
    {
      ...host,
      ...settings.value,
      write,
      mask,
      capture,
      unreported,
      setUp: setUp.changes,
      reportFile: path.join(folder, 'report.json'),
      platform: process.platform
    }
  )
  const unrecorded = recordTimings(settings.value.timingsFile, record, mask)
  if (unrecorded !== undefined) await write(`${noteLine({type: 'notice', text: unrecorded})}\n`)
  await removePath(objectsFolderOf(folder))
  return isWhole && runResult(record) === 'success' ? 0 : 1
}

const inputComplaint = ({input, message}: InputMistake): Complaint => ({text: `${input}: ${message}`})
