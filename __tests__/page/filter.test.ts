import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {criticalPath, lockWaits} from '../../page/critical-path.ts'
import {filteredRows, listLines, sortOrders, statusFilters, wholeList} from '../../page/filter.ts'
import {parseRoute, routeHash} from '../../page/route.ts'
import {runModel} from '../../page/run-model.ts'
import {axisTicks, moved, zoomed} from '../../page/timeline-view.ts'
import {plannedTasks} from '../../src/recording/run-details.ts'
import {reportOf} from '../../src/report/run-report.ts'
import {createRecord, exited, ranFor, skippedBecause, succeeded} from '../support/create-record.ts'
import {createTask, createTasks} from '../support/create-task.ts'

const lock = {name: 'db', variable: 'PWSH_POOL_LOCK_DB', room: 1, per: 'all'} as const
const tasks = createTasks(
  {name: 'build'},
  {name: 'test one', group: 'tests', needs: [0], locks: [lock]},
  {name: 'test two', group: 'tests', needs: [0], locks: [lock]},
  {name: 'deploy', needs: [1, 2]},
  {name: 'flaky'}
)
const [build, one, two, deploy, flaky] = tasks as [
  (typeof tasks)[number],
  (typeof tasks)[number],
  (typeof tasks)[number],
  (typeof tasks)[number],
  (typeof tasks)[number]
]
const record = createRecord(
  [
    ranFor(build, [{ms: 1000, end: succeeded}]),
    ranFor(one, [{ms: 2000, end: succeeded}], 1000),
    ranFor(two, [{ms: 4000, end: exited(3)}], 3000),
    skippedBecause(deploy, {status: 'skipped', reason: 'need-did-not-succeed', need: two}),
    ranFor(flaky, [
      {ms: 10, end: exited(1)},
      {ms: 10, end: succeeded}
    ])
  ],
  {ms: 7000}
)
const model = runModel({
  report: reportOf({record, tails: new Map()}),
  plan: {tasks: plannedTasks(record, text => text), boots: [], waits: []},
  objects: [],
  logs: [],
  logsLeftOut: null
})
const names = (rows: readonly {readonly task: {readonly name: string}}[]) => rows.map(({task}) => task.name)

describe('the list of the page', () => {
  test('shows failures first, then what is flaky, then the rest as listed', () => {
    expect(names(filteredRows(model, wholeList))).toEqual(['test two', 'flaky', 'build', 'test one', 'deploy'])
  })

  test.each([
    ['failed', ['test two']],
    ['flaky', ['flaky']],
    ['success', ['build', 'test one', 'flaky']],
    ['skipped', ['deploy']]
  ] as const)('narrows to what is %s', (status, expected) => {
    expect(names(filteredRows(model, {...wholeList, statuses: [status], sort: 'list'}))).toEqual(expected)
  })

  test('calls slow what took more than three times the median', () => {
    const some = [1000, 1000, 1000, 3001].map((ms, index) => ranFor(createTask({index}), [{ms, end: succeeded}]))
    const {rows} = runModel({
      report: reportOf({record: createRecord(some), tails: new Map()}),
      plan: {tasks: [], boots: [], waits: []},
      objects: [],
      logs: [],
      logsLeftOut: null
    })
    expect(rows.map(({isSlow}) => isSlow)).toEqual([false, false, false, true])
  })

  test('finds all words of a search in names, ids, groups, places and errors', () => {
    expect(names(filteredRows(model, {...wholeList, search: 'tasks:1'}))).toEqual(['build'])
    expect(names(filteredRows(model, {...wholeList, search: 'TESTS two'}))).toEqual(['test two'])
    expect(names(filteredRows(model, {...wholeList, search: 'exit code 3'}))).toEqual(['test two'])
  })

  test('folds a group on request, and stands it where its first task would', () => {
    const rows = filteredRows(model, wholeList)
    const kinds = (toggled: readonly string[]) =>
      listLines(rows, wholeList, new Set(toggled)).map(line => (line.kind === 'group' ? `${line.group}:` : line.row.task.name))
    expect(kinds([])).toEqual(['tests:', 'test two', 'test one', 'flaky', 'build', 'deploy'])
    expect(kinds(['tests'])).toEqual(['tests:', 'flaky', 'build', 'deploy'])
    expect(listLines(rows, {...wholeList, isGrouped: false}, new Set())).toHaveLength(5)
  })

  test('knows what a task needs, and who needs it', () => {
    expect(names(model.rows[3]?.needs ?? [])).toEqual(['test one', 'test two'])
    expect(names(model.rows[0]?.dependents ?? [])).toEqual(['test one', 'test two'])
  })
})

describe('the timeline of the page', () => {
  test('has the critical path: needs and locks that the last task waited for', () => {
    expect(names(criticalPath(model).map(({row}) => row))).toEqual(['build', 'test one', 'test two'])
  })

  test('has the time in which a task waited for a lock', () => {
    expect(lockWaits(model.bars, model.from).map(({bar, lock, from, to}) => [bar.row.task.name, lock, from, to])).toEqual([
      ['test two', 'db', 1000, 3000]
    ])
  })

  test('does not wait for a lock with room', () => {
    const roomy = tasks.map(task => (task.locks.length === 0 ? task : {...task, locks: [{...lock, room: 2}]}))
    const {bars} = runModel({
      report: reportOf({record, tails: new Map()}),
      plan: {
        tasks: plannedTasks({...record, tasks: record.tasks.map((one, i) => ({...one, task: roomy[i] ?? one.task}))}, text => text),
        boots: [],
        waits: []
      },
      objects: [],
      logs: [],
      logsLeftOut: null
    })
    expect(lockWaits(bars, 0)).toEqual([])
  })

  test('zooms and moves inside the run', () => {
    const range = fc.record({from: fc.nat(1000), span: fc.integer({min: 1, max: 1000})}).map(({from, span}) => ({from, to: from + span}))
    fc.assert(
      fc.property(
        range,
        fc.double({min: 0.1, max: 10, noNaN: true}),
        fc.double({min: 0, max: 1, noNaN: true}),
        fc.integer({min: -3000, max: 3000}),
        (whole, factor, at, by) => {
          const near = zoomed(whole, factor, whole.from + at * (whole.to - whole.from), whole)
          for (const {from, to} of [near, moved(near, by, whole)]) {
            expect(from).toBeGreaterThanOrEqual(whole.from - 1e-6)
            expect(to).toBeLessThanOrEqual(whole.to + 1e-6)
            expect(to).toBeGreaterThan(from)
          }
        }
      )
    )
  })

  test('has as many marks on its axis as fit', () => {
    expect(axisTicks({from: 0, to: 5000}, 0, 6)).toEqual([0, 1000, 2000, 3000, 4000, 5000])
    expect(axisTicks({from: 100, to: 7_200_100}, 100, 5)).toEqual([0, 1_800_000, 3_600_000, 5_400_000, 7_200_000])
  })
})

describe('the address of the page', () => {
  test('names a task, an attempt and a line', () => {
    expect(parseRoute('#task=deploy_2&line=40')).toEqual({task: 'deploy_2', attempt: undefined, line: 40, filter: wholeList})
    expect(routeHash({task: 'deploy_2', attempt: undefined, line: 40, filter: wholeList})).toBe('#task=deploy_2&line=40')
  })

  test('says again what it was made of', () => {
    const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, {nil: undefined})
    const route = fc.record({
      task: optional(fc.string({unit: 'grapheme', minLength: 1})),
      attempt: optional(fc.integer({min: 1, max: 99})),
      line: optional(fc.integer({min: 1, max: 999_999_999})),
      filter: fc.record({
        search: fc.string({unit: 'grapheme'}),
        statuses: fc.subarray([...statusFilters]),
        group: optional(fc.string({unit: 'grapheme', minLength: 1})),
        shard: optional(fc.nat(255)),
        sort: fc.constantFrom(...sortOrders),
        isGrouped: fc.boolean()
      })
    })
    fc.assert(fc.property(route, one => expect(parseRoute(routeHash(one))).toEqual(one)))
  })

  test('leaves out what it does not understand', () => {
    expect(parseRoute('#line=-1&sort=up&status=x,failed&attempt=1e9&q=%')).toEqual({
      task: undefined,
      attempt: undefined,
      line: undefined,
      filter: {...wholeList, statuses: ['failed'], search: '%'}
    })
  })
})

test('a run in which nothing ran has a page too', () => {
  const none = createRecord([skippedBecause(createTask(), {status: 'skipped', reason: 'cancelled'})])
  const {lanes, bars} = runModel({
    report: reportOf({record: none, tails: new Map()}),
    plan: {tasks: [], boots: [], waits: []},
    objects: [],
    logs: [],
    logsLeftOut: null
  })
  expect([lanes, bars, criticalPath({bars})]).toEqual([[], [], []])
})
