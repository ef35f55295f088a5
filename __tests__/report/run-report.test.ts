import {describe, expect, test} from '@jest/globals'
import {noRetry} from '../../src/model/settings.ts'
import {noChanges} from '../../src/model/task-changes.ts'
import {maskedRun} from '../../src/report/masked-run.ts'
import {renderResults, renderRunReport} from '../../src/report/run-report.ts'
import {createRecord, exited, ranFor, skippedBecause, succeeded} from '../support/create-record.ts'
import {createTask, createTasks} from '../support/create-task.ts'

const build = createTask({id: 'build'})
const unit = createTask({id: 'unit', index: 1, name: 'unit tests', continueOnError: true})
const deploy = createTask({id: 'deploy', index: 2})
const record = createRecord([
  ranFor(build, [
    {ms: 100, end: exited(1)},
    {ms: 200, end: succeeded, changes: {...noChanges, outputs: new Map([['url', 'https://x']])}}
  ]),
  ranFor(unit, [{ms: 300, end: exited(42)}]),
  skippedBecause(deploy, {status: 'skipped', reason: 'need-did-not-succeed', need: unit})
])

describe('renderResults', () => {
  test('lists tasks in declared order', () => {
    const {json, leftOut} = renderResults(record)
    expect(leftOut).toBeUndefined()
    const common = {
      status: 'success',
      reason: 'exit',
      exitCode: 0,
      durationMs: 300,
      flaky: false,
      allowed: false,
      error: null,
      attempts: 1,
      outputs: {}
    }
    expect(JSON.parse(json)).toEqual([
      {...common, id: 'build', name: 'build', flaky: true, attempts: 2, outputs: {url: 'https://x'}},
      {
        ...common,
        id: 'unit',
        name: 'unit tests',
        status: 'failure',
        reason: 'exit-code',
        exitCode: 42,
        allowed: true,
        error: 'exit code 42'
      },
      {
        ...common,
        id: 'deploy',
        name: 'deploy',
        status: 'skipped',
        reason: 'need-did-not-succeed',
        exitCode: null,
        durationMs: 0,
        error: 'skipped: unit tests did not succeed',
        attempts: 0
      }
    ])
  })

  test('tells the true exit code of a success, which is no error', () => {
    const task = createTask({successCodes: [0, 3010]})
    const {json} = renderResults(createRecord([ranFor(task, [{ms: 1, end: {status: 'success', reason: 'exit', exitCode: 3010}}])]))
    expect(JSON.parse(json)).toMatchObject([{status: 'success', exitCode: 3010, error: null}])
  })

  test('leaves out outputs first, then successes, then the last of the others, and says so', () => {
    const tasks = createTasks(...Array.from({length: 100}, () => ({})))
    const changes = {...noChanges, outputs: new Map([['key', 'x'.repeat(100)]])}
    const many = createRecord(tasks.map((task, i) => ranFor(task, [{ms: 1, end: i % 10 === 0 ? exited(1) : succeeded, changes}])))
    const sizes = [100_000, 20_000, 5000, 500].map(budget => {
      const {json, leftOut} = renderResults(many, budget)
      expect(Buffer.byteLength(json)).toBeLessThanOrEqual(budget)
      return {tasks: JSON.parse(json).length, leftOut}
    })
    expect(sizes).toEqual([
      {tasks: 100, leftOut: undefined},
      {tasks: 100, leftOut: 'the outputs of tasks'},
      {tasks: 10, leftOut: 'outputs, and the tasks that succeeded'},
      {tasks: 3, leftOut: 'outputs, the tasks that succeeded, and 7 of the others'}
    ])
  })
})

describe('renderRunReport', () => {
  test('holds the run, each attempt, and what tells changed tasks from unchanged ones', () => {
    const report = JSON.parse(renderRunReport({record, tails: new Map()}))
    expect(report).toMatchObject({
      schemaVersion: 1,
      result: 'success',
      startedAt: '1970-01-01T00:00:00.000Z',
      durationMs: 1000,
      taskDurationMs: 600,
      speedUp: 0.6,
      maxParallel: 2,
      powershells: [{edition: 'pwsh', version: '7.6.5'}],
      counts: {success: 1, failure: 1, 'timed-out': 0, cancelled: 0, skipped: 1}
    })
    expect(report.tasks[0].attempts.map((attempt: {status: string; durationMs: number}) => [attempt.status, attempt.durationMs])).toEqual([
      ['failure', 100],
      ['success', 200]
    ])
  })

  test('holds what other reports are rendered from: causes, last lines, summaries, and where a task stands', () => {
    const login = createTask({place: {source: 'a.yml', file: 'a.yml', line: 1, column: 1}, retry: {...noRetry, times: 2}})
    const changes = {...noChanges, outputs: new Map([['url', 'https://x/secret']]), env: new Map([['A', 'secret']]), summary: '# Done'}
    const ran = ranFor(login, [{ms: 1, end: {status: 'timed-out', reason: 'timeout', timeoutMs: 5}, changes}])
    const run = {
      record: createRecord([ran], {limit: {reason: 'no-worker', failedStarts: 3, cause: login}}),
      tails: new Map([[login, ['it is late']]])
    }
    const json = renderRunReport(maskedRun(run, text => text.replaceAll('secret', '***')))
    expect(JSON.parse(json)).toMatchObject({
      limitDetails: {failedStarts: 3, task: 'task_0'},
      tasks: [
        {
          details: {timeoutMs: 5},
          outputs: {url: 'https://x/***'},
          maskedOutputs: ['url'],
          setsEnvironment: true,
          summary: '# Done',
          lastLines: ['it is late'],
          file: 'a.yml',
          maxAttempts: 3,
          attempts: [{details: {timeoutMs: 5}}]
        }
      ]
    })
    expect(json).not.toContain('secret')
  })

  test('leaves out the summaries that are past what a page has room for', () => {
    const summaries = [600, 400, 200].map(kilobytes => 'x'.repeat(kilobytes * 1024))
    const records = createTasks({}, {}, {}).map((task, i) =>
      ranFor(task, [{ms: 1, end: succeeded, changes: {...noChanges, summary: summaries[i] ?? ''}}])
    )
    const {tasks} = JSON.parse(renderRunReport({record: createRecord(records), tails: new Map()}))
    expect(tasks.map(({summary}: {summary: string | null}) => summary?.length)).toEqual([600 * 1024, undefined, 200 * 1024])
  })
})
