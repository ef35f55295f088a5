import {expect, test} from '@jest/globals'
import {plannedTasks} from '../../src/recording/run-details.ts'
import {type TraceEvent, traceReport} from '../../src/recording/trace-report.ts'
import {reportOf} from '../../src/report/run-report.ts'
import {createRecord, exited, ranFor, succeeded} from '../support/create-record.ts'
import {createTasks} from '../support/create-task.ts'

const [build, deploy] = createTasks({name: 'build "x"'}, {needs: [0]})
if (build === undefined || deploy === undefined) throw new Error('no tasks')
const record = createRecord(
  [
    ranFor(build, [
      {ms: 100, end: exited(1)},
      {ms: 200, end: succeeded}
    ]),
    ranFor(deploy, [{ms: 50, end: succeeded}], 400)
  ],
  {ms: 500}
)
const plan = {tasks: plannedTasks(record, text => text), boots: [{worker: 0, from: 10, to: 90}], waits: [{worker: 0, from: 300, to: 400}]}
const trace = JSON.parse([...traceReport(reportOf({record, tails: new Map()}), plan)].join('')) as {
  readonly traceEvents: readonly TraceEvent[]
}
const ofPhase = (phase: TraceEvent['ph']) => trace.traceEvents.filter(({ph}) => ph === phase)

test('a trace has a thread for each worker, and a slice for each attempt', () => {
  expect(ofPhase('M').map(({name, args}) => [name, args])).toEqual([
    ['process_name', {name: 'pwsh-pool'}],
    ['thread_name', {name: 'worker 0'}],
    ['thread_sort_index', {sort_index: 0}]
  ])
  expect(ofPhase('X').map(({name, cat, tid, ts, dur}) => [name, cat, tid, ts, dur])).toEqual([
    ['build "x"', 'failure', 1, 0, 100_000],
    ['build "x"', 'success', 1, 100_000, 200_000],
    ['task_1', 'success', 1, 400_000, 50_000]
  ])
})

test('a trace begins and ends each boot and wait, with one number', () => {
  expect(ofPhase('b').map(({name, id, ts}) => [name, id, ts])).toEqual([
    ['boot', 1, 10_000],
    ['wait for a worker', 2, 300_000]
  ])
  expect(ofPhase('e').map(({id, ts}) => [id, ts])).toEqual([
    [1, 90_000],
    [2, 400_000]
  ])
})

test('a trace has an arrow from inside what a task needs to its beginning', () => {
  expect(ofPhase('s').map(({id, ts, tid}) => [id, ts, tid])).toEqual([[3, 299_999, 1]])
  expect(ofPhase('f').map(({id, ts, tid, bp}) => [id, ts, tid, bp])).toEqual([[3, 400_000, 1, 'e']])
})

test('a trace has what each kind of event must have, and slices of one thread do not overlap', () => {
  for (const {ph, pid, tid, ts, id} of trace.traceEvents) {
    expect(pid).toBe(1)
    if (ph !== 'M') expect(ts).toBeGreaterThanOrEqual(0)
    if (ph !== 'M') expect(Number.isInteger(ts)).toBe(true)
    if (ph === 'b' || ph === 'e' || ph === 's' || ph === 'f') expect(id).toBeGreaterThan(0)
    if (ph === 'X') expect(tid).toBeGreaterThan(0)
  }
  const ends = new Map<number, number>()
  for (const {tid = 0, ts = 0, dur = 0} of ofPhase('X')) {
    expect(ts).toBeGreaterThanOrEqual(ends.get(tid) ?? 0)
    ends.set(tid, ts + dur)
  }
})
