import {hashList} from '../../src/history/list-hash.ts'
import type {
  Attempt,
  AttemptEnd,
  Kept,
  MatchedCause,
  PowerShell,
  RecordedOutput,
  RunPlan,
  RunRecord,
  Skip,
  TaskRecord,
  UnreadOutput
} from '../../src/model/event.ts'
import type {Task} from '../../src/model/task.ts'
import {noChanges, type TaskChanges} from '../../src/model/task-changes.ts'
import {partsOf} from '../../src/output/shown-lines.ts'

/** What a real one said of itself. */
export const powershell: PowerShell = {command: '/usr/bin/pwsh', leadingArguments: [], edition: 'pwsh', version: '7.6.5'}

export const succeeded: AttemptEnd = {status: 'success', reason: 'exit', exitCode: 0}

/** The end of a task that said `exit n`. */
export function exited(exitCode: number): AttemptEnd {
  return {status: 'failure', reason: 'exit-code', exitCode}
}

/** The plan of a run of a whole list. */
export function planOf(tasks: readonly Task[]): RunPlan {
  return {
    listed: tasks.length,
    hashes: {list: hashList(tasks, {workspace: '/work', platform: 'linux'}), timings: undefined, plan: undefined},
    shard: undefined
  }
}

/** A task that ran, each attempt in slot 0 and right after the one before it. */
export function ranFor(
  task: Task,
  attempts: readonly {ms: number; end: AttemptEnd; changes?: TaskChanges; matched?: MatchedCause}[],
  startedAt = 0
): TaskRecord {
  let from = startedAt
  const list = attempts.map(({ms, end, changes = noChanges, matched}, i): Attempt => {
    const attempt = {number: i + 1, worker: 0, startedAt: from, endedAt: from + ms, end, changes, left: [], matched}
    from += ms
    return attempt
  })
  return {task, attempts: list, verdict: list.at(-1)?.end ?? succeeded}
}

/** A task that never ran, or not again. */
export function skippedBecause(task: Task, skip: Skip | Kept): TaskRecord {
  return {task, attempts: [], verdict: skip}
}

/** A run of these tasks that took `ms`, two at a time. */
export function createRecord(tasks: readonly TaskRecord[], overrides: Partial<RunRecord> & {ms?: number} = {}): RunRecord {
  const {ms = 1000, ...rest} = overrides
  const plan = planOf(tasks.map(({task}) => task))
  return {plan, powershells: [powershell], maxParallel: 2, startedAt: 0, endedAt: ms, cancelled: false, tasks, ...rest}
}

/** What a task printed, in these chunks; read for commands when it is asked for. */
export function printed(...chunks: (string | Uint8Array)[]): RecordedOutput & UnreadOutput {
  const bytes = chunks.map(chunk => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk))
  return {
    size: bytes.reduce((sum, chunk) => sum + chunk.length, 0),
    async *chunks() {
      yield* bytes
    },
    parts() {
      return partsOf(this, {mode: 'forward', isDebug: false, onMask: () => {}})
    }
  }
}
