import type {Kept, RunOrigin} from '../model/event.ts'
import {includesExitCode} from '../model/exit-code.ts'
import {NeedsGraph} from '../model/needs-graph.ts'
import type {Task} from '../model/task.ts'
import type {RunReport, TaskReport} from '../report/report-schema.ts'
import {count, joined, minuteText} from '../report/wording.ts'
import {quoted} from '../text/quoted.ts'
import {isMasked, readReport} from './read-report.ts'
import {changesIn} from './reported-run.ts'

/** The reason why a task of an earlier run runs again. */
type RerunReason =
  | 'new'
  | 'not-succeeded'
  | 'changed'
  | 'never'
  /** It wrote GITHUB_ENV or GITHUB_PATH; reports do not have these changes. */
  | 'environment'
  /** One of its outputs was masked in the report. */
  | 'secret'
  /** It keeps objects; reports do not have them. */
  | 'objects'
  | 'needs'

/** The results of an earlier run that are kept. */
export interface Resumption {
  /** The kept tasks, by index. What a kept task needs is kept too. */
  readonly kept: ReadonlyMap<number, Kept>
  /** `false` if the report cannot be used, so all tasks run. */
  readonly isUsed: boolean
  /** What is kept and why the other tasks run: a sentence without its period. */
  readonly notice: string
}

/** What is kept from the report in `file`, which messages call `shown`. Without a usable report nothing is kept. */
export function resumeFrom(
  tasks: readonly Task[],
  {file, shown}: {readonly file: string; readonly shown: string},
  origin: RunOrigin
): Resumption {
  const report = readReport(file)
  if (report.ok) return resume(tasks, report.value, origin)
  return {kept: new Map(), isUsed: false, notice: `the report ${quoted(shown)} ${report.error}, so all tasks run`}
}

/** What is kept from `report`. A report of another repository or commit keeps nothing. */
export function resume(tasks: readonly Task[], report: RunReport, origin: RunOrigin): Resumption {
  const other = otherOrigin(report, origin)
  if (other !== undefined) return {kept: new Map(), isUsed: false, notice: `the report is of ${other}, so all tasks run`}
  const {kept, rerun} = keep(tasks, report, (task, reported) => rerunReason(task, reported, report))
  return {kept, isUsed: true, notice: keptText(tasks.length, kept.size, rerun, report)}
}

function otherOrigin(report: RunOrigin, {repository, commit}: RunOrigin): string | undefined {
  if (report.repository !== repository) return `another repository (${report.repository ?? 'unknown'}, not ${repository ?? 'unknown'})`
  if (report.commit !== commit) return `another commit (${shortCommit(report.commit)}, not ${shortCommit(commit)})`
  return undefined
}

const shortCommit = (commit: string | null): string => commit?.slice(0, 10) ?? 'unknown'

/** Keeps every task for which `because` returns no reason and whose needs are kept. */
function keep(
  tasks: readonly Task[],
  report: RunReport,
  because: (task: Task, reported: TaskReport | undefined) => RerunReason | undefined
): {readonly kept: ReadonlyMap<number, Kept>; readonly rerun: ReadonlyMap<RerunReason, number>} {
  const known = new Map(report.tasks.filter(({key}) => !isMasked(key)).map(reported => [reported.key, reported]))
  const kept = new Map<number, Kept>()
  const rerun = new Map<RerunReason, number>()
  // Cached, because thousands of tasks may need one group of thousands.
  const groups = new Map<readonly number[], boolean>()
  const isKept = (needed: readonly number[]): boolean => {
    const all = groups.get(needed) ?? needed.every(index => kept.has(index))
    groups.set(needed, all)
    return all
  }
  for (const index of new NeedsGraph(tasks).waves().flat()) {
    const task = tasks[index] as Task
    const reported = known.get(task.key)
    const reason = because(task, reported) ?? (task.needs.every(need => isKept(need.tasks)) ? undefined : 'needs')
    if (reason === undefined && reported !== undefined) kept.set(index, keptOf(reported, report))
    else rerun.set(reason ?? 'new', (rerun.get(reason ?? 'new') ?? 0) + 1)
  }
  return {kept, rerun}
}

function rerunReason(task: Task, reported: TaskReport | undefined, {flakyMode}: RunReport): RerunReason | undefined {
  if (reported === undefined) return 'new'
  if (!hasSucceeded(reported) || (reported.flaky && flakyMode === 'fail' && !reported.mayFail)) return 'not-succeeded'
  // A task with `when: failure` ran because of a failure that no longer exists.
  if (task.resume === 'never' || task.when === 'failure') return 'never'
  if (task.fingerprint === null || task.fingerprint !== reported.fingerprint) return 'changed'
  if (reported.exitCode === null || !includesExitCode(task.successCodes, reported.exitCode)) return 'changed'
  return task.objects ? 'objects' : unavailable(reported)
}

const hasSucceeded = ({status}: TaskReport): boolean => status === 'success' || status === 'kept'

/** Why a report lacks what other tasks may need of this task. */
function unavailable({setsEnvironment, maskedOutputs}: TaskReport): RerunReason | undefined {
  if (setsEnvironment) return 'environment'
  return maskedOutputs.length > 0 ? 'secret' : undefined
}

function keptOf(reported: TaskReport, report: RunReport): Kept {
  const {ranAt = report.startedAt, durationMs = reported.durationMs} = reported.details ?? {}
  return {
    status: 'kept',
    reason: 'kept',
    exitCode: reported.exitCode ?? 0,
    ranAt: Date.parse(ranAt),
    durationMs,
    changes: changesIn(reported)
  }
}

const rerunTexts: Readonly<Record<RerunReason, string>> = {
  'not-succeeded': 'did not succeed',
  changed: 'changed',
  new: 'new',
  needs: 'in need of those',
  environment: 'wrote GITHUB_ENV or GITHUB_PATH',
  secret: 'with a secret output',
  objects: 'with objects',
  never: 'never kept'
}

function keptText(total: number, kept: number, rerun: ReadonlyMap<RerunReason, number>, {startedAt}: RunReport): string {
  const reasons = Object.entries(rerunTexts).map(([reason, text]) => {
    const number = rerun.get(reason as RerunReason)
    return number === undefined ? undefined : `${number} ${text}`
  })
  const rest = total === kept ? '' : `; ${total - kept} ${total - kept === 1 ? 'runs' : 'run'}: ${joined(reasons, ', ')}`
  return `${kept} of ${count(total, 'task')} kept from the run of ${minuteText(Date.parse(startedAt))}${rest}`
}

/**
 * The tasks that `--failed` does not run again: all that succeeded in the reported run, whatever its commit. A success still runs again if the report
 * lacks what another task needs of it.
 */
export function succeededBefore(tasks: readonly Task[], report: RunReport): ReadonlyMap<number, Kept> {
  const known = new Map(report.tasks.filter(({key}) => !isMasked(key)).map(reported => [reported.key, reported]))
  const reportedOf = (index: number) => known.get(tasks[index]?.key ?? '')
  const kept = new Map<number, Kept>()
  for (const {index} of tasks) {
    const reported = reportedOf(index)
    if (reported !== undefined && hasSucceeded(reported)) kept.set(index, keptOf(reported, report))
  }
  const groups = new Set<readonly number[]>()
  // The iteration includes values that are added during it.
  const running = new Set(tasks.map(({index}) => index).filter(index => !kept.has(index)))
  for (const index of running) {
    for (const {tasks: needed} of tasks[index]?.needs ?? []) {
      if (groups.has(needed)) continue
      groups.add(needed)
      for (const other of needed) {
        const reported = reportedOf(other)
        if (!kept.has(other) || reported === undefined) continue
        if (unavailable(reported) === undefined && tasks[other]?.objects !== true) continue
        kept.delete(other)
        running.add(other)
      }
    }
  }
  return kept
}
