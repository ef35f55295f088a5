import type {Attempt, RunRecord, TaskRecord} from '../model/event.ts'
import {defaultSuccessCodes} from '../model/exit-code.ts'
import {foldCase} from '../model/name-table.ts'
import {failure, type Result, success} from '../model/result.ts'
import {noRetry} from '../model/settings.ts'
import type {Task} from '../model/task.ts'
import {noChanges, type TaskChanges} from '../model/task-changes.ts'
import type {ReportedRun} from '../report/masked-run.ts'
import type {AttemptReport, RunReport, TaskReport} from '../report/report-schema.ts'
import {runResult} from '../report/totals.ts'
import {quoted} from '../text/quoted.ts'
import {isAttemptEnd, limitOf, type TaskOfId, verdictOf} from './reported-verdict.ts'

/**
 * Restores the run from its report, so that every other report can be rendered from it. Whatever the report lacks and no other report shows is empty:
 * scripts, values, environments, needs. The run must have ended. The error is the end of a sentence about the report.
 */
export function runOf(report: RunReport): Result<ReportedRun, string> {
  const {result, endedAt, shard, hashes, listed} = report
  if (result === null || endedAt === null) return failure('tells of a run that did not end')
  const tasks = report.tasks.map(taskOf)
  const byId = new Map(tasks.map(task => [foldCase(task.id), task]))
  const find: TaskOfId = id => byId.get(foldCase(id))
  const records: TaskRecord[] = []
  for (const [index, reported] of report.tasks.entries()) {
    const record = recordOf(reported, tasks[index] as Task, find)
    if (record === undefined) return failure(`contradicts itself: status, reason and details of ${quoted(reported.id)} do not fit`)
    records.push(record)
  }
  const limit = report.limit === null ? undefined : limitOf(report.limit, report.limitDetails, find)
  if (report.limit !== null && limit === undefined)
    return failure(`contradicts itself: it does not say what reached the limit "${report.limit}"`)
  const record: RunRecord = {
    plan: {
      listed,
      hashes: {list: hashes.list, timings: hashes.timings ?? undefined, plan: hashes.plan ?? undefined},
      shard: shard === null ? undefined : {index: shard.index, sizes: shard.sizes}
    },
    powershells: report.powershells.map(({edition, version}) => ({command: '', leadingArguments: [], edition, version})),
    maxParallel: report.maxParallel,
    startedAt: Date.parse(report.startedAt),
    endedAt: Date.parse(endedAt),
    cancelled: result === 'cancelled',
    flaky: report.flakyMode,
    limit,
    tasks: records
  }
  if (runResult(record) !== result)
    return failure(`contradicts itself: its result is ${result}, and its tasks make it ${runResult(record)}`)
  return success({
    record,
    tails: new Map(
      report.tasks.flatMap(({lastLines}, index) => (lastLines.length === 0 ? [] : [[tasks[index] as Task, lastLines.map(asOneLine)]]))
    ),
    maskedOutputs: new Map(report.tasks.map(({maskedOutputs}, index) => [tasks[index] as Task, maskedOutputs])),
    origin: {repository: report.repository, commit: report.commit, run: report.run}
  })
}

function taskOf(reported: TaskReport, index: number): Task {
  const {id, key, position, name, mayFail, maxAttempts, file, fingerprint, inEachShard, recorded} = reported
  return {
    index,
    position,
    key,
    fingerprint,
    id,
    group: undefined,
    name: asOneLine(name) || id,
    isNamedByScript: true,
    script: {kind: 'run', text: ''},
    parameters: undefined,
    arguments: undefined,
    item: undefined,
    needs: [],
    when: 'success',
    env: new Map(),
    workingDirectory: '',
    timeoutMs: 0,
    retry: {...noRetry, times: maxAttempts - 1},
    recorded: recorded ?? undefined,
    continueOnError: mayFail,
    successCodes: defaultSuccessCodes,
    locks: [],
    isolation: 'process',
    objects: false,
    shell: '',
    resume: 'auto',
    isInEachShard: inEachShard,
    place: {source: file ?? '', file: file ?? undefined, line: 1, column: 1}
  }
}

/** Texts that have one line in a log may have several in a report that was tampered with, and a line can be a command to the runner. */
const asOneLine = (text: string): string => text.replace(/[\r\n]/g, ' ')

function recordOf(reported: TaskReport, task: Task, find: TaskOfId): TaskRecord | undefined {
  const changes = changesIn(reported)
  const verdict = verdictOf(reported, find, changes)
  if (verdict === undefined) return undefined
  const attempts = reported.attempts.map((attempt, position) =>
    attemptOf(attempt, find, position === reported.attempts.length - 1 ? changes : noChanges)
  )
  if (!attempts.every(attempt => attempt !== undefined)) return undefined
  return {task, attempts, verdict, shard: reported.shard ?? undefined}
}

function attemptOf(reported: AttemptReport, find: TaskOfId, changes: TaskChanges): Attempt | undefined {
  const {number, worker, startedAt, endedAt, matched} = reported
  const end = verdictOf(reported, find, noChanges)
  if (!isAttemptEnd(end) || endedAt === null || Date.parse(endedAt) < Date.parse(startedAt)) return undefined
  return {
    number,
    worker,
    startedAt: Date.parse(startedAt),
    endedAt: Date.parse(endedAt),
    end,
    changes,
    left: [],
    matched: matched ?? undefined
  }
}

/** The changes of a task that a report has: outputs and summary. */
export function changesIn({outputs, summary, name}: TaskReport): TaskChanges {
  return {...noChanges, outputs: new Map(Object.entries(outputs)), summary: summary ?? leftOut(name)}
}

const leftOut = (name: string): string =>
  `> The summary of ${name.replace(/[^\p{L}\p{N} ._-]/gu, '')} is left out: the report had no room for it.\n`
