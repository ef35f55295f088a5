import {chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {expectedDurations} from '../../src/history/expected-durations.ts'
import {noTimings, type Timings, usualMs, withRun} from '../../src/history/timings.ts'
import {parseTimings, readTimings, recordTimings, renderTimings} from '../../src/history/timings-file.ts'
import {hashTimings} from '../../src/history/timings-hash.ts'
import {timingsJsonSchema} from '../../src/history/timings-schema.ts'
import {createRecord, exited, ranFor, succeeded} from '../support/create-record.ts'
import {createTask, createTasks} from '../support/create-task.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const now = Date.parse('2026-11-30T12:00:00.000Z')
const dayMs = 24 * 3_600_000
const parent = temporaryFolder()
const newFile = () => path.join(mkdtempSync(path.join(parent, 'timings-')), 'timings.json')
const same = (text: string) => text
const timingsOf = (durations: Record<string, readonly number[]>, seen = now): Timings =>
  new Map(Object.entries(durations).map(([key, each]) => [key, {durations: each, seen}]))
const anyTimings: fc.Arbitrary<Timings> = fc
  .uniqueArray(
    fc.tuple(
      fc.string({minLength: 1, maxLength: 20}),
      fc.array(fc.nat(), {maxLength: 10}),
      fc.integer({min: 0, max: now}).map(ms => ms)
    ),
    {selector: ([key]) => key}
  )
  .map(entries => new Map(entries.map(([key, durations, seen]) => [key, {durations, seen}])))

describe('what is recorded after a run', () => {
  test('are the successful attempts, behind those before, ten at most', () => {
    const [good, bad, retried, fresh] = createTasks({}, {}, {}, {})
    if (!good || !bad || !retried || !fresh) throw new Error('no tasks')
    const record = createRecord([
      ranFor(good, [{ms: 7, end: succeeded}]),
      ranFor(bad, [{ms: 8, end: exited(1)}]),
      ranFor(retried, [
        {ms: 500, end: exited(1)},
        {ms: 9, end: succeeded}
      ]),
      ranFor(fresh, [{ms: 10, end: succeeded}])
    ])
    const before = timingsOf({task_0: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], task_1: [5], task_2: []}, 5)
    const after = withRun(before, record, now, same)
    expect(Object.fromEntries([...after].map(([key, {durations}]) => [key, durations]))).toEqual({
      task_0: [2, 3, 4, 5, 6, 7, 8, 9, 10, 7],
      task_1: [5],
      task_2: [9],
      task_3: [10]
    })
  })

  test('keeps tasks that no run has had for 30 days, and no longer', () => {
    const kept = withRun(timingsOf({gone: [1]}, now - 30 * dayMs), createRecord([]), now, same)
    expect([...kept.keys()]).toEqual(['gone'])
    expect(withRun(timingsOf({gone: [1]}, now - 30 * dayMs - 1), createRecord([]), now, same).size).toBe(0)
  })

  test('says nothing of a task whose key has a secret in it', () => {
    const record = createRecord([ranFor(createTask({id: 'login_s3cret'}), [{ms: 1, end: succeeded}])])
    expect(withRun(noTimings, record, now, text => text.replace('s3cret', '***')).size).toBe(0)
  })
})

test('what is recorded of any run can be read again', () => {
  fc.assert(
    fc.property(fc.string({minLength: 1, maxLength: 1100, unit: 'binary'}), fc.integer(), (key, ms) => {
      const record = createRecord([ranFor(createTask({key}), [{ms, end: succeeded}])])
      const timings = withRun(noTimings, record, now, same)
      expect(parseTimings(renderTimings(timings))).toEqual({ok: true, value: timings})
    })
  )
  const long = createRecord([ranFor(createTask({key: 'x'.repeat(1025)}), [{ms: 1e15, end: succeeded}])])
  expect(withRun(noTimings, long, now, same).size).toBe(0)
})

describe('a file of timings', () => {
  test('that was written is read again, whatever is in it', () => {
    fc.assert(
      fc.property(anyTimings, timings => {
        const parsed = parseTimings(renderTimings(timings))
        expect(parsed).toEqual({ok: true, value: new Map([...timings].sort(([a], [b]) => (a < b ? -1 : 1)))})
      })
    )
  })

  test('is written by a run, read by the next, and leaves nothing beside it', () => {
    const file = newFile()
    const record = createRecord([ranFor(createTask(), [{ms: 7, end: succeeded}])])
    expect(readTimings(file)).toEqual({timings: noTimings, notice: expect.stringContaining('there is no')})
    for (let run = 0; run < 3; run++) expect(recordTimings(file, record, same)).toBeUndefined()
    expect(readTimings(file).notice).toBeUndefined()
    expect(readTimings(file).timings.get('task_0')?.durations).toEqual([7, 7, 7])
    expect(readdirSync(path.dirname(file))).toEqual(['timings.json'])
  })

  test('keeps what another run has written since this one began', () => {
    const file = newFile()
    const [one, two] = createTasks({}, {})
    if (!one || !two) throw new Error('no tasks')
    readTimings(file)
    recordTimings(file, createRecord([ranFor(one, [{ms: 1, end: succeeded}])]), same)
    recordTimings(file, createRecord([ranFor(two, [{ms: 2, end: succeeded}])]), same)
    expect([...readTimings(file).timings.keys()]).toEqual(['task_0', 'task_1'])
  })

  test.each([
    ['a list of tasks', '- run: x'],
    ['the report of a run', '{"schemaVersion":1,"result":"success","tasks":[]}'],
    ['a later version', '{"schemaVersion":2,"tasks":[]}'],
    ['no text', '\0\0\0'],
    ['null', 'null']
  ])('with %s in it is a notice, and is left as it is', (_, text) => {
    const file = newFile()
    writeFileSync(file, text)
    expect(readTimings(file)).toEqual({timings: noTimings, notice: expect.stringContaining('left as it is')})
    expect(recordTimings(file, createRecord([]), same)).toContain('left as it is')
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  const begun = '{"schemaVersion":1,"tasks":['
  const entry = {key: 'a', seen: '2026-11-30T12:00:00.000Z', durations: [1]}
  test.each([
    ['cut short', begun],
    ['a negative duration', JSON.stringify({schemaVersion: 1, tasks: [{...entry, durations: [-1]}]})],
    ['a duration of years', JSON.stringify({schemaVersion: 1, tasks: [{...entry, durations: [1e15]}]})],
    ['a duration that is text', JSON.stringify({schemaVersion: 1, tasks: [{...entry, durations: ['1']}]})],
    ['eleven durations', JSON.stringify({schemaVersion: 1, tasks: [{...entry, durations: Array(11).fill(1)}]})],
    ['a key that is no text', JSON.stringify({schemaVersion: 1, tasks: [{...entry, key: {}}]})],
    ['a date that is none', JSON.stringify({schemaVersion: 1, tasks: [{...entry, seen: 'yesterday'}]})],
    ['more than it may have', JSON.stringify({schemaVersion: 1, tasks: [{...entry, more: 1}]})],
    ['depth', `${begun}${'['.repeat(100_000)}`]
  ])('that is damaged (%s) is a notice, and is written anew', (_, text) => {
    const file = newFile()
    writeFileSync(file, text)
    expect(readTimings(file)).toEqual({timings: noTimings, notice: expect.stringContaining('written anew')})
    expect(recordTimings(file, createRecord([ranFor(createTask(), [{ms: 7, end: succeeded}])]), same)).toBeUndefined()
    expect(readTimings(file).timings.size).toBe(1)
  })

  test('with the key __proto__ is like any other', () => {
    const timings = new Map([['__proto__', {durations: [1], seen: now}]])
    expect(parseTimings(renderTimings(timings))).toEqual({ok: true, value: timings})
  })

  test('that is huge is not read', () => {
    const file = newFile()
    writeFileSync(file, begun)
    truncateSync(file, 65 * 1024 * 1024)
    expect(readTimings(file).notice).toContain('64 MiB is the limit')
  })

  test('that is a folder is a notice', () => {
    expect(readTimings(parent).notice).toContain('is not a file')
    expect(recordTimings(parent, createRecord([]), same)).toContain('is not a file')
    expect(statSync(parent).isDirectory()).toBe(true)
  })

  test('in a folder that cannot be written is a notice', () => {
    const file = newFile()
    // Where everything may be written, a file stands in for the folder.
    if (process.getuid?.() === 0 || process.platform === 'win32') {
      writeFileSync(path.join(path.dirname(file), 'no-folder'), '')
      expect(recordTimings(path.join(path.dirname(file), 'no-folder', 'x.json'), createRecord([]), same)).toContain('could not be written')
    } else {
      mkdirSync(path.dirname(file), {recursive: true})
      chmodSync(path.dirname(file), 0o500)
      expect(recordTimings(file, createRecord([]), same)).toContain('could not be written')
    }
  })

  test('has a published schema: npm run generate', () => {
    const file = path.join(import.meta.dirname, '..', '..', 'schema', 'timings.schema.json')
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(timingsJsonSchema())
  })
})

describe('what a task is expected to take', () => {
  const expected = (tasks: Parameters<typeof createTasks>, durations: Record<string, readonly number[]>) =>
    expectedDurations(createTasks(...tasks), timingsOf(durations))?.map(({ms, isKnown}) => (isKnown ? ms : `about ${ms}`))

  test.each([
    [[7], 7],
    [[1, 2], 2],
    [[1, 2, 3], 3],
    [[4, 3, 2, 1], 3],
    [[5, 1, 4, 2, 3], 4],
    [[900, 900, 900, 1, 1, 1, 1, 1], 1]
  ])('is the third quartile of its last five: of %j it is %d', (durations, ms) => {
    expect(expected([{}], {task_0: durations})).toEqual([ms])
  })

  test('of one without durations is the median of its group, else of all', () => {
    const tasks = [{id: 'a', group: 'g'}, {id: 'b', group: 'g'}, {id: 'c', group: 'g'}, {id: 'd'}, {id: 'e'}, {id: 'f', group: 'h'}]
    expect(expected(tasks, {a: [10], b: [20], d: [100]})).toEqual([10, 20, 'about 15', 100, 'about 20', 'about 20'])
  })

  test('is unknown where no task has any', () => {
    expect(expected([{}, {}], {other: [1]})).toBeUndefined()
  })

  test('usually, is the median of at least five', () => {
    const timings = timingsOf({a: [9, 1, 8, 2], b: [9, 1, 8, 2, 3], c: [1, 2, 3, 4, 5, 6]})
    expect(['a', 'b', 'c', 'd'].map(key => usualMs(timings, key))).toEqual([undefined, 3, 3, undefined])
  })
})

describe('the hash of timings', () => {
  const [one, two] = createTasks({}, {})
  const tasks = one && two ? [one, two] : []
  const hash = (durations: Record<string, readonly number[]>) => hashTimings(tasks, timingsOf(durations))

  test('is of what the plan uses of this list, in any order', () => {
    expect(hash({task_0: [1], task_1: [2], gone: [3]})).toBe(hash({task_1: [2], task_0: [1]}))
    expect(hash({task_0: [9, 1, 2, 3, 4, 5]})).toBe(hash({task_0: [8, 1, 2, 3, 4, 5]}))
    expect(hash({task_0: [1]})).not.toBe(hash({task_0: [2]}))
    expect(hash({task_0: [1]})).not.toBe(hash({task_1: [1]}))
  })

  test('is none where no task has any', () => {
    expect([hash({}), hash({gone: [1]}), hash({task_0: []})]).toEqual([undefined, undefined, undefined])
  })
})
