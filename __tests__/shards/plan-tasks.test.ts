import {mkdtempSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import type {Timings} from '../../src/history/timings.ts'
import {writeTimings} from '../../src/history/timings-file.ts'
import type {Task} from '../../src/model/task.ts'
import {type PlanSettings, planTasks} from '../../src/shards/plan-tasks.ts'
import {createLock, createTasks} from '../support/create-task.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const parent = temporaryFolder()
const seen = Date.now()
const settings: PlanSettings = {
  workspace: '/work',
  timingsFile: undefined,
  shard: undefined,
  maxParallel: 1,
  resumeFrom: undefined,
  modules: [],
  setup: '',
  setupOnce: ''
}

function timingsFile(durations: Readonly<Record<string, readonly number[]>>): string {
  const file = path.join(mkdtempSync(path.join(parent, 'plan-')), 'timings.json')
  const timings: Timings = new Map(Object.entries(durations).map(([key, each]) => [key, {durations: each, seen}]))
  writeTimings(file, timings)
  return file
}

const linesOf = (tasks: readonly Task[], changes: Partial<PlanSettings>) =>
  planTasks(tasks, {...settings, ...changes}).notes.map(({type, text}) => `${type}: ${text}`)

const ids = (tasks: readonly Task[]) => tasks.map(({id}) => id)

describe('the plan of a run', () => {
  test('of a whole list has all of it, and says nothing', () => {
    const tasks = createTasks({}, {})
    const planned = planTasks(tasks, settings)
    expect(planned).toMatchObject({
      tasks: tasks.map(({key}) => ({key})),
      notes: [],
      expectedMs: undefined,
      plan: {listed: 2, shard: undefined}
    })
    expect(planned.plan.hashes).toMatchObject({timings: undefined, plan: undefined})
  })

  test('of a shard has its tasks as a list of their own, which know their place in the whole', () => {
    const tasks = createTasks({}, {}, {needs: [1]}, {})
    const planned = planTasks(tasks, {...settings, shard: {index: 0, count: 2}})
    expect(planned.tasks.map(({id, index, position, needs}) => [id, index, position, needs.flatMap(need => need.tasks)])).toEqual([
      ['task_1', 0, 1, []],
      ['task_2', 1, 2, [0]]
    ])
    expect(planned.plan).toMatchObject({listed: 4, shard: {index: 0, sizes: [2, 2]}})
  })

  test('says which share of the list this is, and what all are expected to take', () => {
    const tasks = createTasks({}, {}, {}, {}, {})
    const file = timingsFile({task_0: [190_000], task_1: [100_000], task_2: [65_000], task_3: [20_000]})
    expect(linesOf(tasks, {timingsFile: file, shard: {index: 1, count: 2}})).toEqual([
      'line: shard 2 of 2: 3 of 5 tasks, about 4 m 08 s (all: 3 m 30 s to 4 m 08 s; 1 of unknown duration)'
    ])
  })

  test('says so where no duration is known', () => {
    expect(linesOf(createTasks({}, {}, {}), {shard: {index: 0, count: 2}})).toEqual([
      'line: shard 1 of 2: 2 of 3 tasks (all: 1 to 2; no duration is known)'
    ])
  })

  test('knows that tasks run at the same time, but not those that need one another', () => {
    const file = timingsFile({task_0: [60_000], task_1: [60_000], task_2: [60_000], task_3: [60_000]})
    const shard = {index: 0, count: 1}
    expect(linesOf(createTasks({}, {}, {}, {}), {timingsFile: file, shard, maxParallel: 4})[0]).toContain('about 1 m 00 s')
    expect(linesOf(createTasks({}, {needs: [0]}, {needs: [1]}, {}), {timingsFile: file, shard, maxParallel: 4})[0]).toContain(
      'about 3 m 00 s'
    )
  })

  test('has a notice for an empty shard', () => {
    expect(linesOf(createTasks({}), {shard: {index: 3, count: 4}})).toEqual([
      'line: shard 4 of 4: 0 of 1 task (all: 0 to 1; no duration is known)',
      'notice: shard 4 of 4 is empty: the list has 1 task'
    ])
  })

  test('warns of the task or the lock that ties more than a fair share', () => {
    const many = Array.from({length: 149}, () => ({}))
    const needs = many.slice(0, 146).map((_, index) => index)
    const shard = {index: 0, count: 4}
    const warning = (tasks: readonly Task[]) => linesOf(tasks, {shard}).find(line => line.startsWith('warning'))
    expect(warning(createTasks(...many, {id: 'tell', needs}))).toBe('warning: 147 of 150 tasks are tied by "tell"; run it after the merge')
    expect(warning(createTasks({id: 'build'}, ...many.map(() => ({needs: [0]}))))).toBe(
      'warning: 150 of 150 tasks are tied by "build"; give it "shard: each" to run it in each shard'
    )
    expect(warning(createTasks(...many.map(() => ({locks: [createLock('db')]}))))).toContain('tied by the lock "db"; give it more room')
    expect(warning(createTasks(...many, {needs: [0]}))).toBeUndefined()
  })

  test('has one hash on all machines, and another for other shards or timings', () => {
    const tasks = createTasks(...Array.from({length: 20}, () => ({})))
    const file = timingsFile(Object.fromEntries(tasks.map(({key}, index) => [key, [index * 1000]])))
    const plan = (index: number, count: number, timings?: string) =>
      planTasks(tasks, {...settings, timingsFile: timings, shard: {index, count}}).plan.hashes.plan
    expect(plan(0, 4, file)).toBe(plan(3, 4, file))
    expect(new Set([plan(0, 4), plan(0, 4, file), plan(0, 5)]).size).toBe(3)
  })
})

test('the same list makes the same plan whatever the order in which its durations are recorded', () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.nat(100_000)), {minLength: 1, maxLength: 30}),
      fc.integer({min: 1, max: 5}),
      fc.infiniteStream(fc.nat()),
      (durations, count, random) => {
        const tasks = createTasks(...durations.map(() => ({})))
        const entries = durations.flatMap((ms, index) => (ms === null ? [] : [[`task_${index}`, [ms]] as const]))
        const shuffled = entries
          .map(entry => [random.next().value, entry] as const)
          .sort(([a], [b]) => a - b)
          .map(([, entry]) => entry)
        const plans = [entries, shuffled].map(each =>
          planTasks(tasks, {...settings, timingsFile: timingsFile(Object.fromEntries(each)), shard: {index: 0, count}})
        )
        expect(plans[1]).toEqual(plans[0])
        const all = Array.from({length: count}, (_, index) => planTasks(tasks, {...settings, shard: {index, count}}).tasks)
        expect(all.flatMap(ids).sort()).toEqual(ids(tasks).sort())
      }
    ),
    {numRuns: 30}
  )
})
