import {appendFileSync} from 'node:fs'
import type {WriteLines} from '../log/log-writer.ts'
import {type RunHost, readTasks} from '../run.ts'
import {planShards} from '../shards/plan-shards.ts'
import {renderShards, renderShardsAsJson, shardValues} from '../shards/shard-listing.ts'
import type {UncaughtFaults} from '../system/uncaught-faults.ts'
import {unwritten} from '../system/write-file.ts'
import type {ExitCode} from './exit-code.ts'
import {parsePlanArguments} from './plan-line.ts'
import type {ProgramFacts} from './program.ts'
import {printNotes, refuse, refuseRun} from './refusing.ts'
import {type RequestContext, readSettings} from './request.ts'
import {createRunView} from './run-view.ts'
import {colorsFor} from './terminal/colors.ts'

/** Everything `pwsh-pool plan` takes from its process. */
export interface PlanHost extends RequestContext, Pick<RunHost, 'environment' | 'temporaryFolder' | 'onCancel'> {
  /** Standard output: for the plan alone. */
  readonly write: WriteLines
  readonly writeError: WriteLines
  readonly faults: UncaughtFaults
}

/** Runs `pwsh-pool plan` with the arguments after these words. */
export async function runPlan(args: readonly string[], facts: ProgramFacts, host: PlanHost): Promise<ExitCode> {
  const {write, writeError} = host
  const parsed = parsePlanArguments(args, facts)
  if (parsed.kind !== 'plan') {
    await (parsed.kind === 'show' ? write(parsed.text) : writeError(parsed.text))
    return parsed.kind === 'show' ? 0 : 2
  }
  const {line} = parsed
  const {GITHUB_OUTPUT} = host.environment
  if (line.writesOutputs && !GITHUB_OUTPUT)
    return refuse([{text: '--github-output: there is no GITHUB_OUTPUT, which a step of a workflow has'}], host)
  const settings = await readSettings(line, host)
  if (!settings.ok) return refuse(settings.error, host)
  // The view shows what the script that makes the list prints.
  const isDebug = host.environment.RUNNER_DEBUG === '1'
  const view = createRunView(settings.value, {write: writeError, colors: colorsFor(false), terminal: undefined, isDebug})
  const tasks = await readTasks(settings.value, {...host, ...view, onFault: host.faults.onFault, readers: view.listReaders})
  if (!tasks.ok) return refuseRun(tasks.error, view, host)
  const {shards, hashes, notes} = planShards(tasks.value, settings.value, line)
  await printNotes(notes, line.isJson ? writeError : write, view.mask, host)
  await write(view.mask(line.isJson ? renderShardsAsJson(shards, hashes) : `${renderShards(shards)}\n`))
  if (!line.writesOutputs || !GITHUB_OUTPUT) return 0
  const outputs = `shards=${JSON.stringify(shardValues(shards.length))}\ncount=${shards.length}\n`
  const [fault] = unwritten('The outputs', () => appendFileSync(GITHUB_OUTPUT, outputs))
  return fault === undefined ? 0 : refuse([{text: fault}], host)
}
