import {existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, jest, test} from '@jest/globals'
import type {PoolEvent, TaskRecord} from '../../src/model/event.ts'
import {noChanges} from '../../src/model/task-changes.ts'
import {currentReport} from '../../src/report/current-report.ts'
import {reportSchema} from '../../src/report/report-schema.ts'
import {createRecord, exited, planOf, powershell, printed, ranFor, succeeded} from '../support/create-record.ts'
import {createTasks} from '../support/create-task.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const file = path.join(folder, 'out', 'report.json')
const mask = (text: string) => text.replaceAll('s3cret', '***')
const [build, check, deploy] = createTasks({id: 'build'}, {id: 'check', name: 'check s3cret'}, {id: 'deploy'})
if (build === undefined || check === undefined || deploy === undefined) throw new Error('no tasks')
const tasks = [build, check, deploy]

const started: PoolEvent = {type: 'run-started', plan: planOf(tasks), tasks, powershells: [powershell], maxParallel: 2}
const begins = (task: (typeof tasks)[number], number = 1): PoolEvent => ({
  type: 'attempt-started',
  task,
  number,
  worker: 0,
  startedAt: Date.now()
})
function ended(record: TaskRecord, retryInMs?: number): PoolEvent {
  const attempt = record.attempts.at(-1)
  if (attempt === undefined) throw new Error('no attempt')
  return {type: 'attempt-ended', task: record.task, attempt, output: printed(), retryInMs}
}

const read = () => reportSchema.parse(JSON.parse(readFileSync(file, 'utf8')))

describe('currentReport', () => {
  beforeEach(() => {
    jest.useFakeTimers({now: 1_000_000, doNotFake: ['performance']})
  })

  afterEach(() => {
    jest.useRealTimers()
    rmSync(path.dirname(file), {recursive: true, force: true})
  })

  function start() {
    const [reader] = currentReport(file, mask)
    if (reader === undefined) throw new Error('no reader')
    void reader(started)
    return reader
  }

  test('says from the start what is to be run, in the form of the report, without a result and an end', () => {
    start()
    const report = read()
    expect(report).toMatchObject({result: null, endedAt: null, limit: null, counts: {success: 0, skipped: 0}})
    expect(report.tasks.map(({name, status, attempts}) => [name, status, attempts.length])).toEqual([
      ['build', null, 0],
      ['check ***', null, 0],
      ['deploy', null, 0]
    ])
  })

  test('has what has ended and what runs, masked, a while after it happened and in place of what was there', () => {
    const reader = start()
    const outputs = new Map([['token', 's3cret']])
    const built = ranFor(build, [{ms: 5, end: succeeded, changes: {...noChanges, outputs}}], 999_000)
    for (const event of [begins(build), ended(built), {type: 'task-ended', record: built} as const, begins(check)]) void reader(event)
    void reader(ended(ranFor(check, [{ms: 5, end: exited(3)}], 999_500), 0))
    void reader(begins(check, 2))
    expect(read().tasks[0]?.status).toBeNull()
    jest.advanceTimersByTime(60_000)
    const report = read()
    expect(report).toMatchObject({result: null, endedAt: null, durationMs: expect.any(Number), counts: {success: 1, failure: 0}})
    expect(report.tasks).toMatchObject([
      {id: 'build', status: 'success', exitCode: 0, outputs: {token: '***'}, attempts: [{status: 'success'}]},
      {
        id: 'check',
        name: 'check ***',
        status: null,
        reason: null,
        attempts: [
          {number: 1, status: 'failure', exitCode: 3},
          {number: 2, status: null, reason: null, endedAt: null, exitCode: null}
        ]
      },
      {id: 'deploy', status: null, attempts: []}
    ])
    expect(readdirSync(path.dirname(file))).toEqual(['report.json'])
  })

  test('is not written again before a second is over, nor where nothing has happened, nor after the end', () => {
    const reader = start()
    rmSync(file)
    void reader(begins(build))
    jest.advanceTimersByTime(999)
    expect(existsSync(file)).toBe(false)
    jest.advanceTimersByTime(60_000)
    expect(read().tasks[0]?.attempts).toHaveLength(1)
    rmSync(file)
    jest.advanceTimersByTime(60_000)
    expect(existsSync(file)).toBe(false)
    void reader(begins(check))
    void reader({type: 'run-ended', record: createRecord([])})
    jest.advanceTimersByTime(60_000)
    expect(existsSync(file)).toBe(false)
  })

  test('does not keep a run from going on where it cannot be written', () => {
    writeFileSync(path.dirname(file), 'a file in the place of the folder')
    const reader = start()
    void reader(begins(build))
    jest.advanceTimersByTime(60_000)
    expect(readFileSync(path.dirname(file), 'utf8')).toBe('a file in the place of the folder')
  })
})

test('there is nothing to keep current where no report is wanted', () => {
  expect(currentReport(undefined, mask)).toEqual([])
})
