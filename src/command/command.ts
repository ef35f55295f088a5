import type {WriteLines, WriteText} from '../report/log-writer.ts'
import {maskedRun} from '../report/masked-run.ts'
import {renderPlan} from '../report/plan.ts'
import {type Complaint, renderRefusal} from '../report/refusal.ts'
import {type RunResult, runResult} from '../report/totals.ts'
import {type RunHost, removeFolder, runTasks} from '../run.ts'
import {colorsFor, wantsColors} from '../terminal/colors.ts'
import {plainMarkup} from '../terminal/plain-markup.ts'
import type {TerminalStream} from '../terminal/screen.ts'
import {parseArguments} from './command-line.ts'
import {publishRun} from './publishing.ts'
import {type Request, type RequestContext, readRequest, refusalComplaints} from './request.ts'
import {createRunView} from './run-view.ts'
import {renderTaskListing} from './task-listing.ts'

/** What the command needs of the process that it is. */
export interface CommandHost extends RequestContext, Pick<RunHost, 'environment' | 'temporaryFolder' | 'onCancel'> {
  /** What follows the name of the command. */
  readonly arguments: readonly string[]
  readonly version: string
  /** Standard output. */
  readonly write: WriteLines
  readonly writeError: WriteText
  /** Standard output where it is a terminal. */
  readonly terminal: TerminalStream | undefined
}

/** All succeeded; some failed; nothing was run, because the list, an option or the PowerShell is wrong; interrupted. */
export type ExitCode = 0 | 1 | 2 | 130

const exitCodes: Readonly<Record<RunResult, ExitCode>> = {success: 0, failure: 1, cancelled: 130}

/** The command, from its arguments to its exit code. Rejects only for a bug or an output that cannot be written. */
export async function runCommand(host: CommandHost): Promise<ExitCode> {
  const {write, writeError, terminal} = host
  const parsed = parseArguments(host.arguments, {version: host.version, helpWidth: Math.min(terminal?.columns || 80, 100)})
  if (parsed.kind !== 'run') {
    await (parsed.kind === 'show' ? write(parsed.text) : writeError(parsed.text))
    return parsed.kind === 'show' ? 0 : 2
  }
  const request = await readRequest(parsed.line, host)
  if (!request.ok) return refuse(request.error, host)
  const {settings, tasks} = request.value
  if (parsed.line.isList || settings.dryRun) {
    await write(parsed.line.isList ? renderTaskListing(tasks) : `${renderPlan(tasks, settings)}\n`)
    return 0
  }
  // A log that is asked for is wanted in a terminal too.
  const isViewed = parsed.line.read('log') === '' && host.environment.TERM !== 'dumb'
  return run(request.value, isViewed ? terminal : undefined, host)
}

/** `view`: the terminal to draw on, if it is not a log that is wanted. */
async function run({settings, tasks, summary}: Request, view: TerminalStream | undefined, host: CommandHost): Promise<ExitCode> {
  const {environment, write} = host
  const {readers, listenTo, tails, mask} = createRunView(settings, {
    write,
    colors: colorsFor(wantsColors(environment, host.terminal !== undefined)),
    terminal: view,
    isDebug: environment.RUNNER_DEBUG === '1'
  })
  const completed = await runTasks(tasks, settings, {...host, readers, listenTo})
  if (!completed.ok) return refuse(refusalComplaints(completed.error), host)
  const {record, folder} = completed.value
  const warnings = publishRun(maskedRun({record, tails}, mask), {...settings, summary})
  removeFolder(folder)
  for (const warning of warnings) await host.writeError(`warning: ${mask(warning)}\n`)
  return exitCodes[runResult(record)]
}

async function refuse(complaints: readonly Complaint[], {writeError}: CommandHost): Promise<ExitCode> {
  await writeError(renderRefusal(complaints, {markup: plainMarkup(colorsFor(false)), annotates: false}))
  return 2
}
