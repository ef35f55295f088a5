import {describe, expect, test} from '@jest/globals'
import {renderResults, renderRunReport} from '../../src/report/run-report.ts'
import {createRecord, exited, ranFor, skippedBecause, succeeded} from '../helpers/create-record.ts'
import {createTask, createTasks} from '../helpers/create-task.ts'

const build = createTask({id: 'build'})
const unit = createTask({id: 'unit', index: 1, name: 'unit tests', continueOnError: true})
const deploy = createTask({id: 'deploy', index: 2})
const record = createRecord([
  ranFor(build, [
    {ms: 100, end: exited(1)},
    {ms: 200, end: succeeded}
  ]),
  ranFor(unit, [{ms: 300, end: exited(42)}]),
  skippedBecause(deploy, {status: 'skipped', reason: 'need-did-not-succeed', need: unit})
])

describe('renderResults', () => {
  test('tells of each task in declared order', () => {
    const {json, omitted} = renderResults(record)
    expect(omitted).toBe(0)
    expect(JSON.parse(json)).toEqual([
      {
        id: 'build',
        name: 'build',
        status: 'success',
        reason: 'exit',
        exitCode: 0,
        durationMs: 300,
        allowed: false,
        error: null,
        attempts: 2
      },
      {
        id: 'unit',
        name: 'unit tests',
        status: 'failure',
        reason: 'exit-code',
        exitCode: 42,
        durationMs: 300,
        allowed: true,
        error: 'exit code 42',
        attempts: 1
      },
      {
        id: 'deploy',
        name: 'deploy',
        status: 'skipped',
        reason: 'need-did-not-succeed',
        exitCode: null,
        durationMs: 0,
        allowed: false,
        error: 'skipped: unit tests did not succeed',
        attempts: 0
      }
    ])
  })

  test('leaves out successes first where there is too little room', () => {
    const tasks = createTasks(...Array.from({length: 100}, () => ({})))
    const many = createRecord(tasks.map((task, i) => ranFor(task, [{ms: 1, end: i % 10 === 0 ? exited(1) : succeeded}])))
    const {json, omitted} = renderResults(many, 5000)
    expect(omitted).toBe(90)
    expect(JSON.parse(json).map((task: {status: string}) => task.status)).toEqual(Array.from({length: 10}, () => 'failure'))
  })

  test('is valid JSON within any budget', () => {
    const tasks = createTasks(...Array.from({length: 100}, () => ({})))
    const failed = createRecord(tasks.map(task => ranFor(task, [{ms: 1, end: exited(1)}])))
    for (const budget of [2, 100, 1000, 10_000]) {
      const {json, omitted} = renderResults(failed, budget)
      expect(Buffer.byteLength(json)).toBeLessThanOrEqual(budget)
      expect(JSON.parse(json).length + omitted).toBe(100)
    }
  })
})

describe('renderRunReport', () => {
  test('holds the run, each attempt, and what tells changed tasks from unchanged ones', () => {
    const report = JSON.parse(renderRunReport(record))
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

  test('gives a task another fingerprint only when what it runs is another', () => {
    const fingerprint = (task: typeof build) =>
      JSON.parse(renderRunReport(createRecord([ranFor(task, [{ms: 1, end: succeeded}])]))).tasks[0].fingerprint
    const parameters = (value: bigint | number) => createTask({parameters: new Map([['a', value]])})
    expect(fingerprint(createTask({name: 'other', timeoutMs: 5}))).toBe(fingerprint(createTask()))
    const all = [
      createTask(),
      createTask({script: {kind: 'run', text: 'x'}}),
      parameters(1n),
      parameters(1),
      createTask({env: new Map([['a', null]])})
    ]
    expect(new Set(all.map(fingerprint)).size).toBe(all.length)
  })
})
