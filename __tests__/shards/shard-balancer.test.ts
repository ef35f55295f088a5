import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import type {Task} from '../../src/model/task.ts'
import {ShardBalancer} from '../../src/shards/shard-balancer.ts'
import {joinOf, tiesOf} from '../../src/shards/ties.ts'
import {createLock, createTask, createTasks} from '../support/create-task.ts'
import {runs} from '../support/runs.ts'

const locks = [createLock('db'), {...createLock('api'), room: 5}, {...createLock('port'), per: 'machine' as const}]

/** Lists of all kinds: needs of single tasks and of groups, locks of all kinds, tasks of each shard. */
const anyList = fc
  .array(
    fc.record({
      ms: fc.nat(1000),
      needs: fc.array(fc.nat(60), {maxLength: 3}),
      lock: fc.option(fc.nat(2), {freq: 6}),
      isInEachShard: fc.boolean()
    }),
    {maxLength: 60}
  )
  .map(specs => {
    const group = [0, 1, 2].filter(index => index < specs.length)
    const isEach = (index: number) => specs[index]?.isInEachShard === true && index % 3 === 0
    const tasks = createTasks(
      ...specs.map(({needs, lock}, index) => ({
        needs: [...new Set(needs)].filter(need => need < index && (!isEach(index) || isEach(need))),
        isInEachShard: isEach(index),
        locks: lock === null || isEach(index) ? [] : locks.slice(lock, lock + 1)
      }))
    ).map(task =>
      task.index > 2 && task.index % 7 === 0 && !task.isInEachShard ? {...task, needs: [{id: 'g', isGroup: true, tasks: group}]} : task
    )
    return {tasks, weights: specs.map(({ms}) => ms)}
  })

const needsOf = (task: Task | undefined): number[] => task?.needs.flatMap(need => need.tasks) ?? []

/** The tasks of each shard that a task needs, directly or not. */
function eachNeedsOf(index: number, tasks: readonly Task[], found = new Set<number>()): Set<number> {
  for (const need of needsOf(tasks[index])) {
    if (tasks[need]?.isInEachShard !== true || found.has(need)) continue
    found.add(need)
    eachNeedsOf(need, tasks, found)
  }
  return found
}

describe('the shards of any list', () => {
  test('have each task once, those that are tied together, and those of each shard where they are needed', () => {
    fc.assert(
      fc.property(anyList, fc.integer({min: 1, max: 9}), ({tasks, weights}, count) => {
        const shards = new ShardBalancer(tasks, weights).shards(count)
        expect(shards).toHaveLength(count)
        const shardsOf = (index: number) => shards.flatMap((shard, number) => (shard.tasks.includes(index) ? [number] : []))
        for (const {tasks: own, work} of shards) {
          expect(own).toEqual([...new Set(own)].sort((a, b) => a - b))
          expect(work).toBe(own.reduce((sum, index) => sum + Math.max(1, weights[index] ?? 0), 0))
        }
        const needed = new Set(tasks.flatMap(({index, isInEachShard}) => (isInEachShard ? [] : [...eachNeedsOf(index, tasks)])))
        for (const task of tasks) {
          const {index, isInEachShard} = task
          const own = shardsOf(index)
          if (!isInEachShard) {
            expect(own).toHaveLength(1)
            for (const need of needsOf(task)) expect(shardsOf(need)).toContain(own[0])
            continue
          }
          const expected = needed.has(index)
            ? shards.flatMap((shard, number) =>
                shard.tasks.some(other => tasks[other]?.isInEachShard === false && eachNeedsOf(other, tasks).has(index)) ? [number] : []
              )
            : shards.map((_, number) => number)
          expect(expected.every(number => own.includes(number))).toBe(true)
          for (const number of own) {
            const because = shards[number]?.tasks.some(other => other !== index && eachNeedsOf(other, tasks).has(index))
            expect(because || !needed.has(index)).toBe(true)
          }
        }
        const holders = tasks.filter(task => task.locks.some(({name}) => name === 'db'))
        expect(new Set(holders.flatMap(({index}) => shardsOf(index))).size).toBeLessThanOrEqual(1)
      }),
      {numRuns: runs(200)}
    )
  })

  test('are at most the longest tie above a fair share', () => {
    fc.assert(
      fc.property(anyList, fc.integer({min: 1, max: 9}), ({tasks, weights}, count) => {
        const single = tasks.map(task => ({...task, isInEachShard: false}))
        const balancer = new ShardBalancer(single, weights)
        const works = balancer.shards(count).map(({work}) => work)
        const sum = works.reduce((all, work) => all + work, 0)
        expect(Math.max(...works)).toBeLessThanOrEqual(sum / count + (balancer.ties[0]?.work ?? 0))
        expect(Math.max(...works) - Math.min(...works)).toBeLessThanOrEqual(balancer.ties[0]?.work ?? 0)
      }),
      {numRuns: runs(100)}
    )
  })

  test('are the same each time, in any locale', () => {
    fc.assert(
      fc.property(anyList, fc.integer({min: 1, max: 9}), ({tasks, weights}, count) => {
        const plan = () => new ShardBalancer(tasks, weights).shards(count)
        const first = plan()
        const {localeCompare} = String.prototype
        try {
          // What compares texts by locale is told lies.
          String.prototype.localeCompare = () => 1
          expect(plan()).toEqual(first)
        } finally {
          String.prototype.localeCompare = localeCompare
        }
      }),
      {numRuns: runs(50)}
    )
  })
})

describe('the shards of a list', () => {
  const shardsOf = (tasks: readonly Task[], weights: readonly number[], count: number) =>
    new ShardBalancer(tasks, weights).shards(count).map(shard => shard.tasks.join())

  test('get the longest first, each to the shard with least work', () => {
    expect(shardsOf(createTasks({}, {}, {}, {}, {}), [10, 70, 30, 40, 30], 2)).toEqual(['1,4', '0,2,3'])
  })

  test('get equal ones in the ordinal order of their keys', () => {
    const keys = ['b', 'ä', 'B', 'a', '_']
    expect(shardsOf(createTasks(...keys.map(key => ({key}))), [1, 1, 1, 1, 1], 5)).toEqual(['2', '4', '3', '0', '1'])
  })

  test('share what takes no time', () => {
    expect(shardsOf(createTasks({}, {}, {}, {}), [0, 0, 0, 0], 2)).toEqual(['0,2', '1,3'])
  })

  test('may be empty', () => {
    expect(shardsOf(createTasks({}), [5], 3)).toEqual(['0', '', ''])
    expect(shardsOf([], [], 2)).toEqual(['', ''])
  })

  test('have a build of each shard where it is needed, and not where it is not', () => {
    const tasks = createTasks({isInEachShard: true}, {needs: [0]}, {needs: [0]}, {})
    expect(shardsOf(tasks, [1, 50, 50, 50], 3)).toEqual(['0,1', '0,2', '3'])
  })

  test('all have a task of each shard that none needs', () => {
    expect(shardsOf(createTasks({isInEachShard: true}, {}), [1, 1], 3)).toEqual(['0,1', '0', '0'])
  })

  test('of 2,000 tasks that need 2,000 of each shard are planned in a moment', () => {
    const group = Array.from({length: 2000}, (_, index) => index)
    const needs = [{id: 'group', isGroup: true, tasks: group}]
    const tasks = Array.from({length: 4000}, (_, index) => ({
      ...createTask({index, isInEachShard: index < 2000}),
      needs: index < 2000 ? [] : needs
    }))
    const shards = new ShardBalancer(
      tasks,
      tasks.map(() => 1)
    ).shards(10)
    expect(shards.map(({tasks: own}) => own.length)).toEqual(Array(10).fill(2200))
  })
})

describe('ties', () => {
  test('are made by needs, and by locks with room for one on all machines', () => {
    const [db, api, port] = locks
    if (!db || !api || !port) throw new Error('no locks')
    const tasks = createTasks(
      {},
      {needs: [0]},
      {locks: [db]},
      {locks: [db]},
      {locks: [api]},
      {locks: [api]},
      {locks: [port]},
      {locks: [port]}
    )
    expect(tiesOf(tasks)).toEqual([[0, 1], [2, 3], [4], [5], [6], [7]])
  })

  test('are not made by a task of each shard', () => {
    expect(tiesOf(createTasks({isInEachShard: true}, {needs: [0]}, {needs: [0]}))).toEqual([[1], [2]])
  })

  test('are joined by the task at their end, at their start, or by the lock', () => {
    const many = Array.from({length: 10}, () => ({}))
    const tell = createTasks(...many, {needs: many.map((_, index) => index)})
    expect(joinOf(tiesOf(tell)[0] ?? [], tell)).toEqual({kind: 'task', index: 10})
    const build = createTasks({}, ...many.map(() => ({needs: [0]})))
    expect(joinOf(tiesOf(build)[0] ?? [], build)).toEqual({kind: 'task', index: 0})
    const locked = createTasks(...many.map(() => ({locks: locks.slice(0, 1)})))
    expect(joinOf(tiesOf(locked)[0] ?? [], locked)).toEqual({kind: 'lock', name: 'db'})
  })

  test('are joined by none alone where two join them', () => {
    const many = Array.from({length: 10}, (_, index) => index)
    const tasks = createTasks(...many.map(() => ({})), {needs: many}, {needs: many})
    expect(joinOf(tiesOf(tasks)[0] ?? [], tasks)).toBeUndefined()
  })

  test('of a chain of 50,000 are found', () => {
    const chain = Array.from({length: 50_000}, (_, index) => createTask({index, needs: index === 0 ? [] : [index - 1]}))
    expect(tiesOf(chain)).toHaveLength(1)
  })
})
