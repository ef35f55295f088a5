import path from 'node:path'
import {originOf} from '../history/run-origin.ts'
import {recordTimings} from '../history/timings-file.ts'
import {plainLine} from '../log/log-text.ts'
import type {WriteLines} from '../log/log-writer.ts'
import type {TaskLog} from '../log/task-log.ts'
import type {RunOrigin} from '../model/event.ts'
import {success} from '../model/result.ts'
import type {Settings} from '../model/settings.ts'
import {objectPreview} from '../objects/object-preview.ts'
import {objectSources} from '../objects/object-rows.ts'
import {publishObjects} from '../objects/published-objects.ts'
import {RunCapture} from '../pages/run-capture.ts'
import {currentReport} from '../report/current-report.ts'
import {renderPlan} from '../report/dry-run.ts'
import {maskedRun} from '../report/masked-run.ts'
import {type RunResult, runResult} from '../report/totals.ts'
import {type RunHost, readTasks, runTasks, setUpOnce} from '../run.ts'
import {planTasks} from '../shards/plan-tasks.ts'
import {removePath} from '../system/remove-path.ts'
import type {UncaughtFaults} from '../system/uncaught-faults.ts'
import {describeFault} from '../text/bug.ts'
import {parseArguments} from './command-line.ts'
import {failedOnlyText, type RequestedRun, requestedRun, withoutKept} from './earlier-run.ts'
import type {ExitCode} from './exit-code.ts'
import {runMerge} from './merge-command.ts'
import {runPlan} from './plan-command.ts'
import {publishRun} from './publishing.ts'
import {printNotes, refuse, refuseRun} from './refusing.ts'
import {chooseTasks, type RequestContext, readSettings} from './request.ts'
import {createRunView} from './run-view.ts'
import {renderTaskListing} from './task-listing.ts'
import {colorsFor, wantsColors} from './terminal/colors.ts'
import {plainMarkup} from './terminal/plain-markup.ts'
import type {TerminalStream} from './terminal/screen.ts'

/** Everything the command takes from its process, so that tests can run it without one. */
export interface CommandHost extends RequestContext, Pick<RunHost, 'environment' | 'temporaryFolder' | 'onCancel'> {
  /** The arguments after the name of the command. */
  readonly arguments: readonly string[]
  readonly version: string
  /** Standard output. */
  readonly write: WriteLines
  readonly writeError: WriteLines
  /** Standard output where it is a terminal. */
  readonly terminal: TerminalStream | undefined
  readonly faults: UncaughtFaults
}

const exitCodes: Readonly<Record<RunResult, ExitCode>> = {success: 0, failure: 1, cancelled: 130}

/** Runs the command from its arguments to its exit code; an internal fault is 1. Rejects only if an output cannot be written. */
export async function runCommand(host: CommandHost): Promise<ExitCode> {
  const {faults} = host
  faults.begin()
  try {
    const exitCode = await act(host)
    if (faults.first === undefined) return exitCode
    if (faults.unreported !== undefined) await reportFault(describeFault(faults.unreported.error), host)
  } catch (error) {
    await reportFault(describeFault(error), host)
  }
  return 1
}

const reportFault = (text: string, {writeError}: CommandHost): Promise<void> =>
  writeError(`${plainLine(`error: ${text}`, {mask: same => same, markup: plainMarkup(colorsFor(false))})}\n`)

async function act(host: CommandHost): Promise<ExitCode> {
  const {write, writeError, terminal} = host
  const facts = {version: host.version, helpWidth: Math.min(terminal?.columns || 80, 100)}
  const [first, ...others] = host.arguments
  // List files with these names can be given as ./plan and ./merge.
  if (first === 'plan') return runPlan(others, facts, host)
  if (first === 'merge') return runMerge(others, facts, host)
  const parsed = parseArguments(host.arguments, facts)
  if (parsed.kind !== 'run') {
    await (parsed.kind === 'show' ? write(parsed.text) : writeError(parsed.text))
    return parsed.kind === 'show' ? 0 : 2
  }
  const {line} = parsed
  const settings = await readSettings(line, host)
  if (!settings.ok) return refuse(settings.error, host)
  const {dryRun} = settings.value
  const isPrinted = line.isList || dryRun
  const view = createRunView(settings.value, {
    // Standard output is reserved for the plan.
    write: isPrinted ? writeError : write,
    colors: colorsFor(!isPrinted && wantsColors(host.environment, terminal !== undefined)),
    // An explicit `--log` applies in a terminal too.
    terminal: isPrinted || line.read('log') !== '' || host.environment.TERM === 'dumb' ? undefined : terminal,
    isDebug: host.environment.RUNNER_DEBUG === '1'
  })
  const listHost = {...host, ...view, onFault: host.faults.onFault, readers: view.listReaders}
  // A list that needs no script is read first, so nothing runs if it has mistakes.
  const isFirst = settings.value.list.kind === 'script' && !isPrinted
  const setUp = isFirst ? await setUpOnce(settings.value, listHost) : success({environment: host.environment})
  if (!setUp.ok) return refuseRun(setUp.error, view, host)
  const tasks = await readTasks(settings.value, {...listHost, environment: setUp.value.environment})
  if (!tasks.ok) return refuseRun(tasks.error, view, host)
  const chosen = chooseTasks(tasks.value, line)
  if (!chosen.ok) return refuse(chosen.error, host, view.mask)
  const origin = originOf(host.environment)
  const request = requestedRun(planTasks(chosen.value, settings.value, origin), line, host.folder)
  if (!request.ok) return refuse(request.error, host, view.mask)
  const {planned, failedOnlyOf} = request.value
  await printNotes(planned.notes, line.isList ? writeError : write, view.mask, host)
  if (!isPrinted) {
    const prepared = isFirst || planned.tasks.length === 0 ? setUp : await setUpOnce(settings.value, listHost)
    if (!prepared.ok) return refuseRun(prepared.error, view, host)
    const {environment} = prepared.value
    return run({...request.value, settings: settings.value, origin, summary: line.summary}, view, {...host, environment})
  }
  const listed = failedOnlyOf === undefined ? planned.tasks : planned.tasks.filter(({index}) => planned.kept?.has(index) !== true)
  await write(
    view.mask(line.isList ? renderTaskListing(listed) : `${renderPlan(planned.tasks, {...settings.value, kept: planned.kept})}\n`)
  )
  return 0
}

/** The requested run. `summary`: path of the page, as given. */
interface Request extends RequestedRun {
  readonly settings: Settings
  readonly origin: RunOrigin
  readonly summary: string | undefined
}

async function run({settings, planned, failedOnlyOf, origin, summary}: Request, view: TaskLog, host: CommandHost): Promise<ExitCode> {
  const {tails, mask} = view
  const capture = new RunCapture(settings, {temporaryFolder: host.temporaryFolder, show: view.showVerbatim, mask})
  const readers = [...view.readers, ...currentReport(settings.jsonReport, mask, origin), ...capture.readers]
  const completed = await runTasks(planned, settings, {...host, ...view, onFault: host.faults.onFault, readers})
  if (!completed.ok) return refuseRun(completed.error, view, host)
  const {folder, unreported} = completed.value
  const record = failedOnlyOf === undefined ? completed.value.record : withoutKept(completed.value.record)
  const sources = objectSources(record.tasks)
  const masked = maskedRun({record, tails, objects: objectPreview(sources, mask), origin}, mask)
  const warnings = [
    ...publishRun(masked, {...settings, summary: summary === undefined ? undefined : path.resolve(host.folder, summary)}),
    ...(await capture.write(masked)),
    ...publishObjects(sources, settings.objectsFile, mask)
  ]
  await removePath(folder)
  if (unreported !== undefined) await reportFault(mask(unreported), host)
  for (const warning of warnings) await host.writeError(`warning: ${mask(warning)}\n`)
  const unrecorded = recordTimings(settings.timingsFile, record, mask)
  if (unrecorded !== undefined) await host.writeError(`notice: ${mask(unrecorded)}\n`)
  if (failedOnlyOf !== undefined) await host.write(`${failedOnlyText(completed.value.record, failedOnlyOf, Date.now())}\n`)
  return exitCodes[runResult(record)]
}
