import path from 'node:path'
import type {Kept} from '../model/event.ts'
import {NeedsGraph} from '../model/needs-graph.ts'
import type {Lock, RetryCause, RetryPolicy, SlowLimit, Task} from '../model/task.ts'
import {quoted} from '../text/quoted.ts'
import {count, exactDuration, joined, verdictText} from './wording.ts'

/** Options of a plan. */
export interface PlanContext {
  /** The script that runs before the tasks; blank for none. */
  readonly setupOnce?: string | undefined
  /** Absolute; paths below it are shown relative to it. */
  readonly workspace?: string
  /** Results of an earlier run, by task index: these tasks do not run again. */
  readonly kept?: ReadonlyMap<number, Kept> | undefined
}

/**
 * Describes what a run would do, as text without a final line break: the tasks with their settings, in the waves in which their needs let them start.
 * Values may be secret, so only the names in `env` are shown, and no parameters.
 */
export function renderPlan(tasks: readonly Task[], context: PlanContext = {}): string {
  if (tasks.length === 0) return 'Plan: no tasks'
  const waves = new NeedsGraph(tasks).waves()
  const blocks = waves.map((indices, wave) => {
    const members = indices.flatMap(index => tasks[index] ?? [])
    return [`Wave ${wave + 1}: ${count(members.length, 'task')}`, ...members.map(task => renderTask(task, context))].join('\n')
  })
  const kept = context.kept?.size ?? 0
  const keptText = kept === 0 ? '' : `, ${kept} of them kept`
  const first = (context.setupOnce ?? '').trim() === '' ? '' : ', after setup-once'
  return [`Plan: ${count(tasks.length, 'task')} in ${count(waves.length, 'wave')}${keptText}${first}`, ...blocks].join('\n\n')
}

function renderTask(task: Task, {workspace, kept}: PlanContext): string {
  const shown = (file: string) => shownPath(file, workspace)
  const before = kept?.get(task.index)
  const details = [
    before === undefined ? undefined : verdictText(before),
    task.script.kind === 'file' && !task.name.startsWith(shown(task.script.path)) ? `file ${shown(task.script.path)}` : undefined,
    task.needs.length === 0 ? undefined : `needs ${task.needs.map(({id}) => id).join(', ')}`,
    task.when === 'success' ? undefined : `when ${task.when}`,
    task.timeoutMs === 0 ? 'no timeout' : `timeout ${exactDuration(task.timeoutMs)}`,
    retryText(task.retry),
    slowText(task.slow),
    task.env.size === 0
      ? undefined
      : `env ${[...task.env].map(([name, value]) => (value === null ? `${name} (removed)` : name)).join(', ')}`,
    workspace === task.workingDirectory ? undefined : `in ${shown(task.workingDirectory)}`,
    task.continueOnError ? 'may fail' : undefined,
    task.successCodes.join() === '0' ? undefined : `success codes ${task.successCodes.join(', ')}`,
    task.locks.length === 0 ? undefined : `lock ${task.locks.map(lockText).join(', ')}`,
    task.isInEachShard ? 'in each shard' : undefined,
    task.objects ? 'keeps objects' : undefined,
    task.resume === 'never' ? 'never kept' : undefined,
    `isolation ${task.isolation}`,
    task.shell === 'pwsh' ? undefined : `shell ${task.shell}`
  ]
  return `  ${task.name} (${task.id})\n      ${joined(details, ' · ')}`
}

/** `database`, `graph (5 at a time)`, `port (2 at a time, on each machine)`. */
function lockText({name, room, per}: Lock): string {
  const details = joined([room === 1 ? undefined : `${room} at a time`, per === 'all' ? undefined : 'on each machine'], ', ')
  return details === '' ? name : `${name} (${details})`
}

function shownPath(file: string, workspace: string | undefined): string {
  if (workspace === undefined) return file
  const relative = path.relative(workspace, file).split(path.sep).join('/')
  return relative.startsWith('..') ? file : relative || '.'
}

function slowText(slow: SlowLimit | undefined): string | undefined {
  if (slow === undefined) return undefined
  if ('times' in slow) return `slow after ${slow.times} times the usual`
  return slow.ms === 0 ? undefined : `slow after ${exactDuration(slow.ms)}`
}

function causeText(cause: RetryCause): string {
  if (typeof cause !== 'object') return String(cause)
  return 'match' in cause ? `match ${quoted(cause.match)}` : `exception ${cause.exception}`
}

/** `retry 2 times (after 5 s, then 2 times longer up to 1 min; on timeout, 3010)`. */
function retryText({times, delayMs, backoff, maxDelayMs, jitter, on, not}: RetryPolicy): string {
  if (times === 0) return 'no retry'
  const longer = backoff === 1 ? '' : `, ×${backoff} each${Number.isFinite(maxDelayMs) ? `, at most ${exactDuration(maxDelayMs)}` : ''}`
  const shorter = jitter ? ', by chance down to half of it' : ''
  const wait = delayMs === 0 ? undefined : `after ${exactDuration(delayMs)}${longer}${shorter}`
  const causes = [on && `on ${on.map(causeText).join(', ')}`, not.length === 0 ? undefined : `not on ${not.map(causeText).join(', ')}`]
  const details = joined([wait, ...causes], '; ')
  return `retry ${count(times, 'time')}${details === '' ? '' : ` (${details})`}`
}
