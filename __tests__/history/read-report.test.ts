import {mkdtempSync, rmSync, truncateSync, writeFileSync} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {afterAll, describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {maxReportBytes, parseReport, readReport} from '../../src/history/read-report.ts'
import {runOf} from '../../src/history/reported-run.ts'
import {noChanges} from '../../src/model/task-changes.ts'
import {renderRunReport} from '../../src/report/run-report.ts'
import {createRecord, exited, ranFor, succeeded} from '../support/create-record.ts'
import {createTasks} from '../support/create-task.ts'
import {runs} from '../support/runs.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'read-report-'))
afterAll(() => rmSync(folder, {recursive: true}))

const [build, deploy] = createTasks({}, {}) as [ReturnType<typeof createTasks>[0], ReturnType<typeof createTasks>[0]]
const tasks = [
  ranFor(build, [{ms: 5, end: succeeded, changes: {...noChanges, outputs: new Map([['__proto__', 'x']])}}]),
  ranFor(deploy, [{ms: 5, end: exited(3)}])
]
const json = renderRunReport({record: createRecord(tasks), tails: new Map()})

/** The report with `change` made to it. */
// biome-ignore lint/suspicious/noExplicitAny: a report that is wrong has no type
function changed(change: (report: any) => void): string {
  const report = JSON.parse(json)
  change(report)
  return JSON.stringify(report)
}

describe('parseReport', () => {
  test('reads what was written, and ignores what a later version adds', () => {
    const later = changed(report => {
      report.added = 1
      report.tasks[0].added = {deep: true}
    })
    const report = parseReport(later)
    expect(report.ok && runOf(report.value)).toMatchObject({ok: true})
    expect(report.ok && Object.entries(report.value.tasks[0]?.outputs ?? {})).toEqual([['__proto__', 'x']])
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })

  test.each<[string, string, string]>([
    ['an empty file', '', 'is empty'],
    ['no JSON', '{', 'is no JSON'],
    ['JSON of something else', '[]', 'is no report of pwsh-pool: it has no schemaVersion'],
    ['null', 'null', 'is no report of pwsh-pool: it has no schemaVersion'],
    ['a later version', '{"schemaVersion": 2}', 'has the schemaVersion "2", and this version of pwsh-pool reads 1'],
    ['a missing property', '{"schemaVersion": 1}', 'is no report of pwsh-pool: "result" is missing or wrong'],
    ['too many tasks', `{"schemaVersion": 1, "tasks": [${'0,'.repeat(100_000)}0]}`, 'has more than 100,000 tasks'],
    ['a wrong type', changed(r => (r.tasks[1].exitCode = '3')), 'is no report of pwsh-pool: "tasks[1].exitCode" is missing or wrong'],
    ['a wrong date', changed(r => (r.startedAt = 'soon')), 'is no report of pwsh-pool: "startedAt" is missing or wrong'],
    ['an unknown status', changed(r => (r.tasks[0].status = 'fine')), 'is no report of pwsh-pool: "tasks[0].status" is missing or wrong'],
    [
      'an output that is no text',
      changed(r => (r.tasks[0].outputs.url = 1)),
      'is no report of pwsh-pool: "tasks[0].outputs.url" is missing or wrong'
    ],
    ['two tasks of one id', changed(r => (r.tasks[1].id = 'Task_0')), 'contradicts itself: two tasks have the id "Task_0"'],
    ...['', 'a=b', 'a<<b', 'a\nresult'].map((name): [string, string, string] => [
      `an output of the name ${JSON.stringify(name)}`,
      changed(r => (r.tasks[1].outputs = {[name]: 'x'})),
      `contradicts itself: "task_1" has the output ${JSON.stringify(name)}, which nothing can write`
    ]),
    ['two tasks of one key', changed(r => (r.tasks[1].key = 'task_0')), 'contradicts itself: two tasks have the key "task_0"'],
    ['two tasks in one place', changed(r => (r.tasks[1].position = 0)), 'contradicts itself: two tasks have the position "0"'],
    ['a place past the list', changed(r => (r.tasks[1].position = 2)), 'contradicts itself: "task_1" has the position 2 in a list of 2'],
    ['wrong counts', changed(r => (r.counts.success = 2)), 'contradicts itself: it counts 2 tasks with the status "success" and has 1'],
    [
      'a success without an attempt',
      changed(r => (r.tasks[0].attempts = [])),
      'contradicts itself: "task_0" succeeded without a successful attempt'
    ],
    [
      'an allowed success',
      changed(r => Object.assign(r.tasks[0], {allowed: true, mayFail: true})),
      'contradicts itself: "task_0" has an allowed failure, and did not fail'
    ],
    [
      'attempts out of order',
      changed(r => (r.tasks[0].attempts[0].number = 2)),
      'contradicts itself: the attempts of "task_0" are not numbered from 1'
    ],
    [
      'a shard that is not there',
      changed(r => (r.shard = {index: 4, count: 4, sizes: [1, 1, 0, 0]})),
      'contradicts itself: its shard is none of those that it lists'
    ]
  ])('says what is wrong with %s', (_, text, message) => {
    expect(parseReport(text)).toEqual({ok: false, error: message})
  })

  test.each<[string, string, string]>([
    ['a run that goes on', changed(r => Object.assign(r, {result: null, endedAt: null})), 'tells of a run that did not end'],
    [
      'a better result than its tasks',
      changed(r => (r.result = 'success')),
      'contradicts itself: its result is success, and its tasks make it failure'
    ],
    [
      'a reason that is of another status',
      changed(r => (r.tasks[1].reason = 'exit')),
      'contradicts itself: status, reason and details of "task_1" do not fit'
    ],
    [
      'a reason without its details',
      changed(r => (r.limit = 'no-worker')),
      'contradicts itself: it does not say what reached the limit "no-worker"'
    ]
  ])('makes no run of %s', (_, text, message) => {
    const report = parseReport(text)
    expect(report.ok && runOf(report.value)).toEqual({ok: false, error: message})
  })

  test('never throws, whatever is replaced in a report', () => {
    const leaf = fc.constantFrom(null, -1, 1e300, '', 'x', '__proto__', [], {}, {__proto__: {x: 1}}, true)
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), leaf), {minLength: 1, maxLength: 3}), changes => {
        let count = 0
        const at = new Map(changes.map(([place, value]) => [place % 150, value]))
        const text = JSON.stringify(JSON.parse(json, (_, value) => (at.has(count++) ? at.get(count - 1) : value)) ?? null)
        const report = parseReport(text)
        if (report.ok) runOf(report.value)
      }),
      {numRuns: runs(300)}
    )
  })
})

describe('readReport', () => {
  test('reads a file, within bounds', () => {
    const file = path.join(folder, 'report.json')
    expect(readReport(file)).toEqual({ok: false, error: 'does not exist'})
    writeFileSync(file, json)
    expect(readReport(file)).toMatchObject({ok: true, value: {result: 'failure'}})
    writeFileSync(file, Buffer.from([0xff, 0xfe, 0x41]))
    expect(readReport(file)).toEqual({ok: false, error: 'is no text in UTF-8'})
    truncateSync(file, maxReportBytes + 1)
    expect(readReport(file)).toEqual({ok: false, error: 'has 268,435,457 bytes, and 256 MiB is the limit'})
    expect(readReport(folder)).toMatchObject({ok: false})
  })
})
