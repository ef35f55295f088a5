import type {Kept, RunOrigin} from '../model/event.ts'
import {includesExitCode} from '../model/exit-code.ts'
import {NeedsGraph} from '../model/needs-graph.ts'
import type {Task} from '../model/task.ts'
import type {RunReport, TaskReport} from '../report/report-schema.ts'
import {count, joined, minuteText} from '../report/wording.ts'
import {quoted} from '../text/quoted.ts'
import {isMasked, readReport} from './read-report.ts'
import {changesIn} from './reported-run.ts'

/** Why a task runs although the list has been run before. */
type Again =
  | 'new'
  | 'not-succeeded'
  | 'changed'
  | 'never'
  /** It wrote GITHUB_ENV or GITHUB_PATH, which no report has. */
  | 'environment'
  /** One of its outputs was masked in the report. */
  | 'secret'
  /** What it emits is kept as objects, which no report has. */
  | 'objects'
  | 'needs'

/** What is kept of an earlier run. */
export interface Resumption {
  /** By index; what a kept task needs is kept too. */
  readonly kept: ReadonlyMap<number, Kept>
  /** `false` if the report is of no use, so all tasks run. */
  readonly isUsed: boolean
  /** What is kept and why the rest runs: a sentence without its period. */
  readonly notice: string
}

/** What is kept of the run whose report is in `file`, called `shown` in messages. Without a usable report nothing is. */
export function resumeFrom(
  tasks: readonly Task[],
  {file, shown}: {readonly file: string; readonly shown: string},
  origin: RunOrigin
): Resumption {
  const report = readReport(file)
  if (report.ok) return resume(tasks, report.value, origin)
  return {kept: new Map(), isUsed: false, notice: `the report ${quoted(shown)} ${report.error}, so all tasks run`}
}

/** What is kept of the run that `report` tells of. A report of another repository or commit keeps nothing. */
export function resume(tasks: readonly Task[], report: RunReport, origin: RunOrigin): Resumption {
  const other = otherOrigin(report, origin)
  if (other !== undefined) return {kept: new Map(), isUsed: false, notice: `the report is of ${other}, so all tasks run`}
  const {kept, again} = keep(tasks, report, (task, told) => againBecause(task, told, report))
  return {kept, isUsed: true, notice: keptText(tasks.length, kept.size, again, report)}
}

function otherOrigin(report: RunOrigin, {repository, commit}: RunOrigin): string | undefined {
  if (report.repository !== repository) return `another repository (${report.repository ?? 'unknown'}, not ${repository ?? 'unknown'})`
  if (report.commit !== commit) return `another commit (${shortCommit(report.commit)}, not ${shortCommit(commit)})`
  return undefined
}

const shortCommit = (commit: string | null): string => commit?.slice(0, 10) ?? 'unknown'

/** Keeps every task that `because` has no reason against, and whose needs are kept. */
function keep(
  tasks: readonly Task[],
  report: RunReport,
  because: (task: Task, told: TaskReport | undefined) => Again | undefined
): {readonly kept: ReadonlyMap<number, Kept>; readonly again: ReadonlyMap<Again, number>} {
  const known = new Map(report.tasks.filter(({key}) => !isMasked(key)).map(told => [told.key, told]))
  const kept = new Map<number, Kept>()
  const again = new Map<Again, number>()
  // Thousands may need one group of thousands.
  const groups = new Map<readonly number[], boolean>()
  const isKept = (needed: readonly number[]): boolean => {
    const all = groups.get(needed) ?? needed.every(index => kept.has(index))
    groups.set(needed, all)
    return all
  }
  for (const index of new NeedsGraph(tasks).waves().flat()) {
    const task = tasks[index] as Task
    const told = known.get(task.key)
    const reason = because(task, told) ?? (task.needs.every(need => isKept(need.tasks)) ? undefined : 'needs')
    if (reason === undefined && told !== undefined) kept.set(index, keptOf(told, report))
    else again.set(reason ?? 'new', (again.get(reason ?? 'new') ?? 0) + 1)
  }
  return {kept, again}
}

function againBecause(task: Task, told: TaskReport | undefined, {flakyMode}: RunReport): Again | undefined {
  if (told === undefined) return 'new'
  if (!hasSucceeded(told) || (told.flaky && flakyMode === 'fail' && !told.mayFail)) return 'not-succeeded'
  // With `when: failure` it ran because of a failure, which is not there any more.
  if (task.resume === 'never' || task.when === 'failure') return 'never'
  if (task.fingerprint === null || task.fingerprint !== told.fingerprint) return 'changed'
  if (told.exitCode === null || !includesExitCode(task.successCodes, told.exitCode)) return 'changed'
  return task.objects ? 'objects' : unavailable(told)
}

const hasSucceeded = ({status}: TaskReport): boolean => status === 'success' || status === 'kept'

/** Why a report does not have all that others may need of the task. */
function unavailable({setsEnvironment, maskedOutputs}: TaskReport): Again | undefined {
  if (setsEnvironment) return 'environment'
  return maskedOutputs.length > 0 ? 'secret' : undefined
}

function keptOf(told: TaskReport, report: RunReport): Kept {
  const {ranAt = report.startedAt, durationMs = told.durationMs} = told.details ?? {}
  return {status: 'kept', reason: 'kept', exitCode: told.exitCode ?? 0, ranAt: Date.parse(ranAt), durationMs, changes: changesIn(told)}
}

const againTexts: Readonly<Record<Again, string>> = {
  'not-succeeded': 'did not succeed',
  changed: 'changed',
  new: 'new',
  needs: 'in need of those',
  environment: 'wrote GITHUB_ENV or GITHUB_PATH',
  secret: 'with a secret output',
  objects: 'with objects',
  never: 'never kept'
}

function keptText(total: number, kept: number, again: ReadonlyMap<Again, number>, {startedAt}: RunReport): string {
  const reasons = Object.entries(againTexts).map(([reason, text]) => {
    const number = again.get(reason as Again)
    return number === undefined ? undefined : `${number} ${text}`
  })
  const rest = total === kept ? '' : `; ${total - kept} ${total - kept === 1 ? 'runs' : 'run'}: ${joined(reasons, ', ')}`
  return `${kept} of ${count(total, 'task')} kept from the run of ${minuteText(Date.parse(startedAt))}${rest}`
}

/**
 * What `--failed` does not run again: all that succeeded in the run that `report` tells of, whatever its commit, but for what the others need and
 * the report does not have.
 */
export function succeededBefore(tasks: readonly Task[], report: RunReport): ReadonlyMap<number, Kept> {
  const known = new Map(report.tasks.filter(({key}) => !isMasked(key)).map(told => [told.key, told]))
  const toldOf = (index: number) => known.get(tasks[index]?.key ?? '')
  const kept = new Map<number, Kept>()
  for (const {index} of tasks) {
    const told = toldOf(index)
    if (told !== undefined && hasSucceeded(told)) kept.set(index, keptOf(told, report))
  }
  const groups = new Set<readonly number[]>()
  // Iterating a Set includes values added during the iteration.
  const running = new Set(tasks.map(({index}) => index).filter(index => !kept.has(index)))
  for (const index of running) {
    for (const {tasks: needed} of tasks[index]?.needs ?? []) {
      if (groups.has(needed)) continue
      groups.add(needed)
      for (const other of needed) {
        const told = toldOf(other)
        if (!kept.has(other) || told === undefined) continue
        if (unavailable(told) === undefined && tasks[other]?.objects !== true) continue
        kept.delete(other)
        running.add(other)
      }
    }
  }
  return kept
}
