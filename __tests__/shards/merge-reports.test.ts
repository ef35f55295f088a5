import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {parseReport} from '../../src/history/read-report.ts'
import type {RunRecord, TaskRecord} from '../../src/model/event.ts'
import type {Task} from '../../src/model/task.ts'
import {noChanges} from '../../src/model/task-changes.ts'
import {renderPage} from '../../src/pages/job-summary.ts'
import {renderJUnitReport} from '../../src/report/junit-report.ts'
import {maskedRun, type ReportedRun} from '../../src/report/masked-run.ts'
import type {RunReport} from '../../src/report/report-schema.ts'
import {renderResults, renderRunReport} from '../../src/report/run-report.ts'
import {countByStatus, runResult} from '../../src/report/totals.ts'
import type {ShardReport} from '../../src/shards/check-shards.ts'
import {mergeReports} from '../../src/shards/merge-reports.ts'
import {type PlannedTasks, planTasks} from '../../src/shards/plan-tasks.ts'
import {createRecord, exited, ranFor, skippedBecause, succeeded} from '../support/create-record.ts'
import {createTasks} from '../support/create-task.ts'
import {runs} from '../support/runs.ts'

const settings = {workspace: '/work', timingsFile: undefined, maxParallel: 2, resumeFrom: undefined, modules: [], setup: '', setupOnce: ''}
const origin = {repository: 'o/r', commit: 'abc', run: {id: '7', attempt: 1}}

/** What a task does: a failure, or a success with outputs. */
function ran(task: Task, startedAt = 1000): TaskRecord {
  const number = task.position
  if (number % 7 === 6) return ranFor(task, [{ms: 5 + number, end: exited(3)}], startedAt)
  const changes = {...noChanges, outputs: new Map([[`o${number}`, 'x']]), summary: `# ${task.id}`}
  return ranFor(task, [{ms: 5 + number, end: succeeded, changes}], startedAt)
}

function runOf({tasks, plan}: PlannedTasks, overrides: Partial<RunRecord> = {}): ReportedRun {
  const records = tasks.map(task => ran(task))
  return {
    record: createRecord(records, {plan, startedAt: 1000, endedAt: 2000, ...overrides}),
    tails: new Map(records.filter(({verdict}) => verdict.status === 'failure').map(({task}) => [task, ['it is broken']])),
    origin
  }
}

function reportOf(run: ReportedRun): RunReport {
  const report = parseReport(renderRunReport(maskedRun(run, text => text)))
  if (!report.ok) throw new Error(report.error)
  return report.value
}

/** The reports of `count` shards. */
function shardReports(tasks: readonly Task[], count: number): ShardReport[] {
  return Array.from({length: count}, (_, index) => ({
    shown: `r${index}.json`,
    report: reportOf(runOf(planTasks(tasks, {...settings, shard: {index, count}})))
  }))
}

function merged(reports: readonly ShardReport[]): ReportedRun {
  const run = mergeReports(reports)
  if (!run.ok) throw new Error(run.error.join('\n'))
  return run.value.run
}

const list = createTasks(...Array.from({length: 20}, (_, index) => (index % 4 === 3 ? {needs: [index - 1]} : {})))

describe('mergeReports', () => {
  test('makes the run of the whole list, whatever the shards and the order of their reports', () => {
    const whole = maskedRun(runOf(planTasks(list, {...settings, shard: undefined})), text => text)
    const timeless = (text: string) => text.replace(/time="[^"]*"|timestamp="[^"]*"/g, '')
    fc.assert(
      fc.property(fc.integer({min: 1, max: 25}), fc.infiniteStream(fc.nat()), (count, keys) => {
        const reports = shardReports(list, count)
        const shuffled = reports
          .map(each => ({each, key: keys.next().value as number}))
          .sort((a, b) => a.key - b.key)
          .map(({each}) => each)
        const run = merged(shuffled)
        expect(renderRunReport(run)).toBe(renderRunReport(merged(reports)))
        expect(renderPage(run, 'all')).toBe(renderPage(merged(reports), 'all'))
        expect(renderResults(run.record)).toEqual(renderResults(whole.record))
        expect(timeless(renderJUnitReport(run))).toBe(timeless(renderJUnitReport(whole)))
        expect([...run.tails.values()]).toEqual([...whole.tails.values()])
        expect(run.record).toMatchObject({maxParallel: 2 * count, startedAt: 1000, endedAt: 2000})
      }),
      {numRuns: runs(12)}
    )
  })

  test('gives each worker of each shard a number of its own', () => {
    const run = merged(shardReports(list, 4))
    const workers = new Set(run.record.tasks.flatMap(({attempts}) => attempts.map(({worker}) => worker)))
    expect([...workers].sort((a, b) => a - b)).toEqual([0, 2, 4, 6])
  })

  test('can be read back and merged as the report of a whole list', () => {
    const run = merged(shardReports(list, 3))
    expect(renderRunReport(merged([{shown: 'whole.json', report: reportOf(run)}]))).toBe(renderRunReport(run))
  })

  test('counts the last attempt of a job, as far as the run tells which it is', () => {
    const reports = shardReports(list, 2)
    const again = runOf(planTasks(list, {...settings, shard: {index: 1, count: 2}}))
    const better = {
      ...again,
      record: {...again.record, tasks: again.record.tasks.map(({task}) => ranFor(task, [{ms: 1, end: succeeded}]))},
      origin: {...origin, run: {id: '7', attempt: 2}}
    }
    const run = merged([...reports, {shown: 'again.json', report: reportOf({...better, tails: new Map()})}])
    expect(countByStatus(run.record.tasks).failure).toBeLessThan(countByStatus(merged(reports).record.tasks).failure)
  })

  describe('of a task that is in each shard', () => {
    const tasks = createTasks({isInEachShard: true}, {needs: [0]}, {needs: [0]})
    /** The merged run of two shards, in which the first task ended so. */
    const run = (...ends: ('success' | 'failure' | 'skipped')[]) => {
      const reports = ends.map((end, index): ShardReport => {
        const planned = planTasks(tasks, {...settings, shard: {index, count: ends.length}})
        const [first, ...others] = planned.tasks as [Task, ...Task[]]
        const record =
          end === 'skipped'
            ? skippedBecause(first, {status: 'skipped', reason: 'cancelled'})
            : ranFor(first, [{ms: index + 1, end: end === 'success' ? succeeded : exited(index + 1)}])
        const records = [record, ...others.map(task => ranFor(task, [{ms: 1, end: succeeded}]))]
        return {shown: `${index}.json`, report: reportOf({record: createRecord(records, {plan: planned.plan}), tails: new Map(), origin})}
      })
      return merged(reports).record
    }

    test('takes the first success, else the first failure', () => {
      expect(run('failure', 'success').tasks[0]).toMatchObject({verdict: {status: 'success'}, attempts: [{worker: 2}]})
      expect(run('failure', 'failure').tasks[0]).toMatchObject({verdict: {exitCode: 1}})
      expect(run('skipped', 'failure').tasks[0]).toMatchObject({verdict: {exitCode: 2}})
      expect(runResult(run('failure', 'success'))).toBe('success')
    })
  })

  test('says what is missing, double, unfinished or of another plan, the same in any order', () => {
    const [a, b, c, d] = shardReports(list, 4) as [ShardReport, ShardReport, ShardReport, ShardReport]
    const size = (each: ShardReport) => each.report.tasks.length
    const unfinished: ShardReport = {
      ...c,
      report: {
        ...c.report,
        result: null,
        endedAt: null,
        tasks: c.report.tasks.map((task, i) => (i === 0 ? {...task, status: null, reason: null} : task))
      }
    }
    const hashes = {...b.report.hashes}
    const otherList = {...b, report: {...b.report, hashes: {...hashes, list: '0'.repeat(32), plan: '1'.repeat(32)}}}
    const otherTimings = {...b, report: {...b.report, hashes: {...hashes, timings: '0'.repeat(32), plan: '1'.repeat(32)}}}
    const otherCommit = {...b, report: {...b.report, commit: 'fff'}}
    const part = {...d, report: {...d.report, tasks: d.report.tasks.slice(1)}}
    const whole: ShardReport = {shown: 'whole.json', report: reportOf(runOf(planTasks(list, {...settings, shard: undefined})))}
    const overlap = {
      ...b,
      report: {...b.report, tasks: [{...(a.report.tasks[0] as RunReport['tasks'][0])}, ...b.report.tasks.slice(1)]}
    }
    const cases: [ShardReport[], string[]][] = [
      [[], ['there is no report to merge']],
      [[a, c, d], [`shard 2 of 4 has no report: ${size(b)} tasks`]],
      [[a, b, {...b, shown: 'copy.json'}, c, d], ['shard 2 of 4 has 2 reports: "copy.json", "r1.json"']],
      [[a, b, unfinished, d], [`shard 3 of 4 did not finish: 1 of ${size(c)} tasks has no result ("r2.json")`]],
      [
        [a, otherList, c, d],
        [
          '"r1.json" (shard 2 of 4) is of another plan: its hash of the list differs from that of "r0.json"',
          `shard 2 of 4 has no report: ${size(b)} tasks`
        ]
      ],
      [
        [a, otherTimings, c, d],
        [
          '"r1.json" (shard 2 of 4) is of another plan: its hash of the timings differs from that of "r0.json"',
          `shard 2 of 4 has no report: ${size(b)} tasks`
        ]
      ],
      [
        [a, otherCommit, c, d],
        [
          '"r1.json" (shard 2 of 4) is of another plan: its commit differs from that of "r0.json"',
          `shard 2 of 4 has no report: ${size(b)} tasks`
        ]
      ],
      [[a, b, c, part], [`shard 4 of 4 has ${size(d) - 1} of its ${size(d)} tasks ("r3.json")`]],
      [[a, whole], ['"whole.json" is of no shard: the run had the whole list']],
      [
        [a, overlap, c, d],
        ['1 task of the list is in no shard', `the task "${a.report.tasks[0]?.id}" is in shard 1 of 4, shard 2 of 4`]
      ]
    ]
    for (const [reports, error] of cases) {
      expect(mergeReports(reports)).toEqual({ok: false, error})
      expect(mergeReports(reports.toReversed())).toEqual({ok: false, error})
    }
  })
})
