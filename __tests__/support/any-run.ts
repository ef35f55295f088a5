import fc from 'fast-check'
import type {Attempt, AttemptEnd, Kept, RunLimit, Skip, TaskRecord, Verdict} from '../../src/model/event.ts'
import {noRetry} from '../../src/model/settings.ts'
import type {Task} from '../../src/model/task.ts'
import {noChanges} from '../../src/model/task-changes.ts'
import type {ReportedRun} from '../../src/report/masked-run.ts'
import {createRecord} from './create-record.ts'
import {createTask} from './create-task.ts'
import {hostileText} from './hostile-text.ts'

const text = hostileText
const line = text.map(value => value.replace(/[\r\n\0]/g, ' ')).filter(value => value !== '')
const ms = fc.nat(100_000)
const word = fc.constantFrom('url', 'a b', '__proto__', 'constructor', 'ä')

const changes = fc
  .record({outputs: fc.array(fc.tuple(word, text), {maxLength: 2}), summary: fc.oneof(fc.constant(''), text)})
  .map(({outputs, summary}) => ({...noChanges, outputs: new Map(outputs), summary}))

const end = (cause: Task): fc.Arbitrary<AttemptEnd> =>
  fc.oneof(
    fc.record({status: fc.constant('success' as const), reason: fc.constant('exit' as const), exitCode: fc.constantFrom(0, 3010, -1)}),
    fc.record({status: fc.constant('failure' as const), reason: fc.constant('exit-code' as const), exitCode: fc.constantFrom(0, 1, -1)}),
    fc.record({status: fc.constant('failure' as const), reason: fc.constant('killed' as const), signal: fc.constant('SIGKILL' as const)}),
    fc.record({
      status: fc.constant('failure' as const),
      reason: fc.constantFrom('wrong-file' as const, 'not-started' as const, 'worker-lost' as const, 'internal' as const),
      message: text
    }),
    fc.record({status: fc.constant('failure' as const), reason: fc.constant('no-worker' as const), failedStarts: fc.nat(9), message: text}),
    fc.record({
      status: fc.constant('timed-out' as const),
      reason: fc.constantFrom('timeout' as const, 'total-timeout' as const),
      timeoutMs: ms
    }),
    fc.constant({status: 'cancelled' as const, reason: 'cancelled' as const}),
    fc.record({
      status: fc.constant('cancelled' as const),
      reason: fc.constant('fail-fast' as const),
      cause: fc.constant(cause),
      failed: fc.constantFrom(undefined, 5)
    })
  ) as fc.Arbitrary<AttemptEnd>

const skip = (cause: Task): fc.Arbitrary<Skip> =>
  fc.oneof(
    fc.constantFrom<Skip>(
      {status: 'skipped', reason: 'no-need-failed'},
      {status: 'skipped', reason: 'cancelled'},
      {status: 'skipped', reason: 'need-did-not-succeed', need: cause},
      {status: 'skipped', reason: 'fail-fast', cause},
      {status: 'skipped', reason: 'no-worker', failedStarts: 3, cause},
      {status: 'skipped', reason: 'total-timeout', timeoutMs: 5},
      {status: 'skipped', reason: 'setup-timeout', timeoutMs: 7}
    ),
    text.map((message): Skip => ({status: 'skipped', reason: 'internal', message}))
  )

const kept: fc.Arbitrary<Kept> = fc
  .record({exitCode: fc.constantFrom(0, 3010), ranAt: ms, durationMs: ms, changes})
  .map(rest => ({status: 'kept', reason: 'kept', ...rest}))

const task = (index: number): fc.Arbitrary<Task> =>
  fc
    .record({
      name: line,
      continueOnError: fc.boolean(),
      times: fc.nat(3),
      file: fc.constantFrom(undefined, 'a.yml', 'b/c.yml'),
      fingerprint: fc.constantFrom(null, '0123456789abcdef')
    })
    .map(({times, file, ...rest}) =>
      createTask({
        index,
        ...rest,
        retry: {...noRetry, times},
        place: {source: file ?? 'tasks', file, line: 1, column: 1}
      })
    )

function recordOf(each: Task, cause: Task): fc.Arbitrary<TaskRecord> {
  const attempts = fc.array(fc.record({end: end(cause), startedAt: ms, took: ms, worker: fc.nat(3), changes}), {minLength: 1, maxLength: 3})
  const ran = attempts.map(list => {
    const made = list.map(({end, startedAt, took, worker, changes}, i): Attempt => {
      const last = i === list.length - 1
      return {number: i + 1, worker, startedAt, endedAt: startedAt + took, end, changes: last ? changes : noChanges, left: []}
    })
    return {task: each, attempts: made, verdict: made.at(-1)?.end as Verdict}
  })
  const not = fc.oneof(skip(cause), kept).map(verdict => ({task: each, attempts: [], verdict}))
  return fc.oneof({weight: 3, arbitrary: ran}, {weight: 1, arbitrary: not})
}

const limitOf = (cause: Task): fc.Arbitrary<RunLimit | undefined> =>
  fc.oneof(
    fc.constant(undefined),
    fc.constantFrom<RunLimit>(
      {reason: 'total-timeout', timeoutMs: 9},
      {reason: 'setup-timeout', timeoutMs: 9},
      {reason: 'no-worker', failedStarts: 3, cause}
    ),
    text.map((message): RunLimit => ({reason: 'internal', message}))
  )

/** Runs as reports show them, with hostile texts wherever there can be any. */
export const anyRun: fc.Arbitrary<ReportedRun> = fc
  .integer({min: 1, max: 5})
  .chain(length => fc.tuple(...Array.from({length}, (_, index) => task(index))))
  .chain(tasks =>
    fc.record({
      tasks: fc.tuple(...tasks.map(each => recordOf(each, tasks[0] as Task))),
      limit: limitOf(tasks[0] as Task),
      cancelled: fc.boolean(),
      flaky: fc.constantFrom('pass' as const, 'warn' as const, 'fail' as const),
      lines: fc.array(line, {maxLength: 3})
    })
  )
  .map(({tasks, limit, cancelled, flaky, lines}) => ({
    // After a fault of the pool nothing tells whether there was a signal as well.
    record: createRecord(tasks, {ms: 300_000, limit, flaky, cancelled: cancelled && limit?.reason !== 'internal'}),
    tails: new Map(tasks.filter(({verdict}) => verdict.status === 'failure').map(record => [record.task, lines])),
    origin: {repository: 'o/r', commit: 'abc'}
  }))
