import {readFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {noChanges} from '../../src/model/task-changes.ts'
import {reportJsonSchema, reportSchema} from '../../src/report/report-schema.ts'
import {renderRunReport} from '../../src/report/run-report.ts'
import {createRecord, exited, ranFor, skippedBecause, succeeded} from '../support/create-record.ts'
import {createTask, createTasks} from '../support/create-task.ts'

const cause = createTask()
const ends = [
  succeeded,
  exited(-1),
  {status: 'failure', reason: 'killed', signal: 'SIGKILL'},
  {status: 'failure', reason: 'wrong-file', message: 'x'},
  {status: 'failure', reason: 'not-started', message: 'x'},
  {status: 'timed-out', reason: 'timeout', timeoutMs: 1},
  {status: 'timed-out', reason: 'total-timeout', timeoutMs: 1},
  {status: 'cancelled', reason: 'cancelled'},
  {status: 'cancelled', reason: 'fail-fast', cause}
] as const
const skips = [
  {status: 'skipped', reason: 'need-did-not-succeed', need: cause},
  {status: 'skipped', reason: 'no-need-failed'},
  {status: 'skipped', reason: 'fail-fast', cause, failed: 3},
  {status: 'skipped', reason: 'total-timeout', timeoutMs: 1},
  {status: 'skipped', reason: 'cancelled'},
  {status: 'kept', reason: 'kept', exitCode: 0, ranAt: 5, durationMs: 7, changes: {...noChanges, outputs: new Map([['key', 'value']])}},
  {status: 'skipped', reason: 'no-worker', failedStarts: 3, cause: createTask()}
] as const

describe('the schema of reports', () => {
  test('describes every report, and all that is in it', () => {
    const changes = {...noChanges, outputs: new Map([['key', 'value']])}
    const tasks = createTasks(...Array.from({length: ends.length + skips.length}, () => ({})))
    const records = tasks.map((task, i) => {
      const end = ends[i]
      const skip = skips[i - ends.length]
      if (end !== undefined) return ranFor(task, [{ms: 3, end, changes}])
      return skip === undefined ? ranFor(task, []) : skippedBecause(task, skip)
    })
    const report: unknown = JSON.parse(renderRunReport({record: createRecord(records), tails: new Map()}))
    expect(reportSchema.parse(report)).toEqual(report)
    expect(reportSchema.safeParse(JSON.parse(renderRunReport({record: createRecord([], {ms: 0}), tails: new Map()}))).success).toBe(true)
  })

  test('is published as it is: npm run generate', () => {
    const file = path.join(import.meta.dirname, '..', '..', 'schema', 'report.schema.json')
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(reportJsonSchema())
  })
})
