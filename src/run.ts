import {existsSync, mkdirSync, mkdtempSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {environmentAfter} from './file-commands/environment-after.ts'
import {shownCause} from './log/shown-error.ts'
import type {EventReader, PowerShell, ProcessEvent, RunRecord, TaskRecord, Verdict} from './model/event.ts'
import {EventStream} from './model/event-stream.ts'
import type {CreateListener, CreateSetupListener} from './model/output-listener.ts'
import {failure, type Result, success} from './model/result.ts'
import type {Settings} from './model/settings.ts'
import type {Task} from './model/task.ts'
import {noChanges, type TaskChanges} from './model/task-changes.ts'
import {unreachable} from './model/unreachable.ts'
import {changesOf} from './model/verdict.ts'
import {forceFinishAfterMs, Pool} from './pool/pool.ts'
import {findPowerShell, type PowerShellSearch} from './powershell/find-powershell.ts'
import {listingControl} from './powershell/process-lister.ts'
import {stepEnvironment} from './powershell/task-environment.ts'
import {processControl} from './process/process-control.ts'
import {reportingControl} from './process/reporting-control.ts'
import {verdictText} from './report/wording.ts'
import {type PlannedTasks, planTasks} from './shards/plan-tasks.ts'
import {removePath} from './system/remove-path.ts'
import {readTaskList, type TaskListText} from './task-list/read-task-list.ts'
import {readTaskFiles} from './task-list/source/list-files.ts'
import type {Mistake} from './task-list/source/mistakes.ts'
import {describeFault} from './text/bug.ts'
import {threadObjection} from './worker/thread/thread-command.ts'
import {createListScript} from './workforce/list-script.ts'
import {scriptTask, setupOnceName} from './workforce/script-task.ts'
import {Workforce} from './workforce/workforce.ts'

/** The reason nothing was run. */
export type Refusal =
  /** A path or glob matches no readable list file. `inFiles`: mistakes in the other files. */
  | {readonly reason: 'no-list'; readonly mistakes: readonly Mistake[]; readonly inFiles: readonly Mistake[]}
  | {readonly reason: 'wrong-list'; readonly mistakes: readonly Mistake[]}
  | {readonly reason: 'no-powershell'; readonly messages: readonly string[]}
  /** `setup-once`, or the script that makes the list, did not succeed. `changes`: what it asked of the step all the same. */
  | {readonly reason: 'script'; readonly script: TaskRecord; readonly changes?: TaskChanges | undefined}
  /** A fault during the script: a sentence. */
  | {readonly reason: 'internal'; readonly message: string}

/** Everything a run takes from its process. */
export interface RunHost {
  /** The environment of the step. */
  readonly environment: NodeJS.ProcessEnv
  /** Absolute; exists. The run creates its own folder in it. */
  readonly temporaryFolder: string
  readonly readers: readonly EventReader[]
  /** Registers a function that cancels the run (a second call kills it); may call it at once. Returns a function that unregisters it. */
  readonly onCancel: (cancel: () => void) => () => void
  /** Registers a function that aborts the run because of an uncaught exception; may call it at once. Returns a function that unregisters it. */
  readonly onFault?: ((abort: (error: unknown) => void) => () => void) | undefined
  /** Creates the listener of an attempt's output. */
  readonly createListener?: CreateListener | undefined
  /** Creates the listener of a worker's output before its task. */
  readonly createSetupListener?: CreateSetupListener | undefined
}

/** Where the objects of a run are until its reports are written. `folder`: the run's own. */
export function objectsFolderOf(folder: string): string {
  return path.join(folder, 'objects')
}

/** A finished run. */
export interface CompletedRun {
  readonly record: RunRecord
  /** The run's own folder, which the caller removes; empty but for the objects of tasks and what reports put there. */
  readonly folder: string
  /** A fault too late for any reader to report: a sentence, also the run's limit. */
  readonly unreported: string | undefined
}

/** Reads the list. A `tasks-script` runs first, with `host`. */
export async function readTasks(settings: Settings, host: RunHost): Promise<Result<readonly Task[], Refusal>> {
  const texts = await listTexts(settings, host)
  if (!texts.ok) return texts
  const tasks = readTaskList(texts.value, {...settings, platform: process.platform})
  return tasks.ok ? tasks : failure({reason: 'wrong-list', mistakes: tasks.error})
}

async function listTexts(settings: Settings, host: RunHost): Promise<Result<readonly TaskListText[], Refusal>> {
  const {list, workspace} = settings
  switch (list.kind) {
    case 'inline':
      return success([{source: list.source, file: undefined, notation: 'detect', text: list.text}])
    case 'files': {
      const {texts, mistakes} = readTaskFiles(list, workspace)
      if (mistakes.length === 0) return success(texts)
      const others = readTaskList(texts, {...settings, platform: process.platform}, true)
      return failure({reason: 'no-list', mistakes, inFiles: others.ok ? [] : others.error})
    }
    case 'script': {
      const entries = await runListScript(list.text, settings, host)
      return entries.ok ? success([{source: list.source, file: undefined, notation: 'entries', text: entries.value}]) : entries
    }
    default:
      return unreachable(list)
  }
}

/** Runs the script that makes the list, and returns its entries as YAML. */
async function runListScript(text: string, settings: Settings, host: RunHost): Promise<Result<string, Refusal>> {
  const folder = mkdtempSync(path.join(host.temporaryFolder, 'pwsh-pool-list-'))
  try {
    const {task, entriesFile} = createListScript(text, settings, folder)
    const script = await runAlone(task, settings, host)
    if (!script.ok) return script
    if (!existsSync(entriesFile)) return failure({reason: 'script', script: {...script.value, verdict: endedEarly}})
    return success(readFileSync(entriesFile, 'utf8'))
  } finally {
    await removePath(folder)
  }
}

/** What `setup-once` leaves. */
export interface SetUp {
  /** The environment of the step, with what it wrote to GITHUB_ENV and GITHUB_PATH: of the tasks, and of the script that makes the list. */
  readonly environment: NodeJS.ProcessEnv
  /** What it asked of the step. */
  readonly changes: TaskChanges
}

/** Runs `setup-once`, which comes before everything else, without `modules` and `setup`. A blank one changes nothing. */
export async function setUpOnce(settings: Settings, host: RunHost): Promise<Result<SetUp, Refusal>> {
  const {environment} = host
  const {setupOnce, setupTimeoutMs, shell, workingDirectory} = settings
  if (setupOnce.trim() === '') return success({environment, changes: noChanges})
  const task = scriptTask(setupOnceName, {kind: 'run', text: setupOnce}, {shell, workingDirectory, timeoutMs: setupTimeoutMs})
  const script = await runAlone(task, {...settings, modules: [], setup: '', totalTimeoutMs: 0}, host)
  if (!script.ok) return script.error.reason === 'script' ? failure({...script.error, changes: changesOf(script.error.script)}) : script
  const changes = changesOf(script.value)
  return success({environment: environmentAfter(environment, [changes], process.platform), changes})
}

/** Runs a script as the only task of a run of its own. Fails unless it succeeds. */
async function runAlone(task: Task, settings: Settings, host: RunHost): Promise<Result<TaskRecord, Refusal>> {
  const planned = planTasks([task], {...settings, timingsFile: undefined, shard: undefined, resumeFrom: undefined})
  const run = await runTasks(planned, {...settings, maxParallel: 1}, host)
  if (!run.ok) return run
  await removePath(run.value.folder)
  const {limit} = run.value.record
  if (limit?.reason === 'internal') return failure(limit)
  const [script] = run.value.record.tasks
  if (script === undefined) throw new Error('Internal error: a run of one task has no record of it')
  return script.verdict.status === 'success' ? success(script) : failure({reason: 'script', script})
}

const endedEarly: Verdict = {
  status: 'failure',
  reason: 'wrong-file',
  message: 'PowerShell was ended before the entries were written; end the script with "exit" or "return"'
}

/** Runs the tasks: finds their PowerShells, runs the pool, delivers every event to the readers, and leaves nothing behind but `folder`. */
export async function runTasks(planned: PlannedTasks, settings: Settings, host: RunHost): Promise<Result<CompletedRun, Refusal>> {
  const search = new AbortController()
  let cancel = () => search.abort()
  const forgetCancel = host.onCancel(() => cancel())
  const broken = new AbortController()
  broken.signal.addEventListener('abort', () => search.abort(), {once: true})
  const forgetFault = host.onFault?.(error => broken.abort(error))
  try {
    const found = await findPowerShells(planned.tasks, {
      workspace: settings.workspace,
      environment: host.environment,
      signal: search.signal
    })
    const powershells = search.signal.aborted ? success(new Map<string, PowerShell>()) : found
    if (!powershells.ok) return powershells
    return success(
      await inFolder(host.temporaryFolder, folder =>
        runIn(folder, planned, settings, {
          ...host,
          powershells: powershells.value,
          search: search.signal,
          broken: broken.signal,
          onPool: pool => {
            cancel = () => pool.cancel()
          }
        })
      )
    )
  } finally {
    forgetCancel()
    forgetFault?.()
  }
}

/** Runs `run` with a new folder, which is removed if it fails. */
async function inFolder<T>(parent: string, run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(parent, 'pwsh-pool-'))
  try {
    return await run(folder)
  } catch (error) {
    await removePath(folder)
    throw error
  }
}

interface PoolHost extends RunHost {
  readonly powershells: ReadonlyMap<string, PowerShell>
  /** Aborted if the run was cancelled before it began. */
  readonly search: AbortSignal
  /** Aborted by an uncaught exception, which is its reason. */
  readonly broken: AbortSignal
  readonly onPool: (pool: Pool) => void
}

async function runIn(
  folder: string,
  {tasks, plan, expectedMs, kept}: PlannedTasks,
  settings: Settings,
  host: PoolHost
): Promise<CompletedRun> {
  const {powershells, environment, createListener, createSetupListener, readers, search, broken, onPool} = host
  const workers = path.join(folder, 'workers')
  mkdirSync(workers)
  const objectsFolder = objectsFolderOf(folder)
  mkdirSync(objectsFolder)
  const events = new EventStream(readers)
  const publish = (event: ProcessEvent) => void events.publish(event)
  const listing = listingControl(processControl, powershells.values(), because => publish({type: 'processes-unlisted', because}))
  const workforce = await Workforce.start({
    ...settings,
    powershells,
    environment: stepEnvironment(environment),
    folder: workers,
    objectsFolder,
    control: reportingControl(listing.control, publish),
    onWorker: publish,
    createListener,
    createSetupListener,
    causeOf: shownCause,
    onBooted: text => void events.publish({type: 'worker-booted', text}),
    onRetired: (tasks, because) => void events.publish({type: 'worker-retired', tasks, because})
  })
  // There a list follows each task.
  if (tasks.some(({isolation}) => isolation === 'process')) listing.prepare()
  try {
    const pool = new Pool(
      tasks,
      {...settings, plan, expectedMs, kept, powershells: [...powershells.values()], workforce, errorOf: verdictText},
      events
    )
    onPool(pool)
    broken.addEventListener('abort', () => pool.abort(broken.reason), {once: true})
    const record = await pool.run(search.aborted, faultOf(broken))
    const reading = await faultIn(events.drained(), broken)
    const closing = await faultIn(workforce.close(), broken)
    // Events of standbys that were not needed.
    await faultIn(events.drained(), broken)
    return completedRun(record, folder, reading ?? closing ?? faultOf(broken))
  } catch (error) {
    await faultIn(workforce.close(), broken)
    throw error
  } finally {
    listing.stop()
    await removePath(workers)
  }
}

/** An exception that nothing in the run could handle. */
interface Fault {
  readonly error: unknown
}

const faultOf = (broken: AbortSignal): Fault | undefined => (broken.aborted ? {error: broken.reason} : undefined)

/** Waits for `work` and returns its error. After a fault it waits only `forceFinishAfterMs`, because the fault may have stopped the work too. */
function faultIn(work: Promise<void>, broken: AbortSignal): Promise<Fault | undefined> {
  return new Promise(resolve => {
    let timer: NodeJS.Timeout | undefined
    const startDeadline = () => {
      timer = setTimeout(() => settle(undefined), forceFinishAfterMs)
    }
    if (broken.aborted) startDeadline()
    else broken.addEventListener('abort', startDeadline, {once: true})
    const settle = (fault: Fault | undefined) => {
      clearTimeout(timer)
      broken.removeEventListener('abort', startDeadline)
      resolve(fault)
    }
    work.then(
      () => settle(undefined),
      error => settle({error})
    )
  })
}

/** The run as reported: a fault outside the pool fails it like one inside. */
function completedRun(record: RunRecord, folder: string, fault: Fault | undefined): CompletedRun {
  if (fault === undefined || record.limit?.reason === 'internal') return {record, folder, unreported: undefined}
  const message = describeFault(fault.error)
  return {record: {...record, limit: {reason: 'internal', message}}, folder, unreported: message}
}

const needsThreads = (tasks: readonly Task[], shell: string): boolean =>
  tasks.some(task => task.isolation === 'thread' && task.shell === shell)

async function findPowerShells(tasks: readonly Task[], search: PowerShellSearch): Promise<Result<Map<string, PowerShell>, Refusal>> {
  const shells = [...new Set(tasks.map(task => task.shell))]
  const found = await Promise.all(shells.map(async shell => [shell, await findPowerShell(shell, search)] as const))
  const messages = found.flatMap(([, result]) => (result.ok ? [] : [result.error]))
  messages.push(
    ...found.flatMap(([shell, result]) => (result.ok && needsThreads(tasks, shell) ? (threadObjection(shell, result.value) ?? []) : []))
  )
  if (messages.length > 0) return failure({reason: 'no-powershell', messages})
  return success(new Map(found.flatMap(([shell, result]) => (result.ok ? [[shell, result.value] as const] : []))))
}
