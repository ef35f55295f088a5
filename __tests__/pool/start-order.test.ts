import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import type {Task} from '../../src/model/task.ts'
import {Schedule} from '../../src/pool/schedule.ts'
import {criticalPathsMs, startOrder} from '../../src/pool/start-order.ts'
import {exited, succeeded} from '../support/create-record.ts'
import {createLock, createTasks} from '../support/create-task.ts'
import {runs} from '../support/runs.ts'

/** Tasks that need earlier ones, and what each is expected to take. */
const anyTimedTasks = fc
  .array(fc.record({ms: fc.nat(20), needs: fc.array(fc.nat(30), {maxLength: 3}), isCleanup: fc.boolean()}), {maxLength: 30})
  .map(specs => ({
    tasks: createTasks(
      ...specs.map(({needs, isCleanup}, index) => {
        const own = [...new Set(needs.filter(need => need < index))]
        return {needs: own, when: isCleanup && own.length > 0 ? ('failure' as const) : ('success' as const)}
      })
    ),
    ms: specs.map(({ms}) => ms)
  }))

/** The longest way from a task, gone through one by one. */
function wayFrom(task: Task, tasks: readonly Task[], ms: readonly number[]): number {
  const dependents = tasks.filter(({when, needs}) => when !== 'failure' && needs.some(need => need.tasks.includes(task.index)))
  return (ms[task.index] ?? 0) + Math.max(0, ...dependents.map(each => wayFrom(each, tasks, ms)))
}

describe('the order of starts', () => {
  test('begins with the longest way through the needs, not with the longest task', () => {
    const tasks = createTasks({}, {}, {needs: [1]}, {})
    expect(startOrder(tasks, [50, 10, 45, 50])).toEqual([1, 0, 3, 2])
  })

  test('is the declared one where ways are equal', () => {
    expect(startOrder(createTasks({}, {}, {}), [7, 7, 7])).toEqual([0, 1, 2])
  })

  test('does not count what runs only after a failure', () => {
    const tasks = createTasks({}, {}, {needs: [1], when: 'failure'})
    expect(startOrder(tasks, [20, 10, 1000])).toEqual([2, 0, 1])
  })

  test('knows the longest way of any list', () => {
    fc.assert(
      fc.property(anyTimedTasks, ({tasks, ms}) => {
        expect(criticalPathsMs(tasks, ms)).toEqual(tasks.map(task => wayFrom(task, tasks, ms)))
      }),
      {numRuns: runs(100)}
    )
  })

  test('goes through 2,000 that need 2,000 in a moment', () => {
    const tasks = createTasks(...Array.from({length: 4000}, () => ({})))
    const group = Array.from({length: 2000}, (_, index) => index)
    const needs = [{id: 'group', isGroup: true, tasks: group}]
    const needing = tasks.map((task, index) => (index < 2000 ? task : {...task, needs}))
    const ways = criticalPathsMs(
      needing,
      needing.map((_, index) => index)
    )
    expect([ways[0], ways[1999], ways[2000], ways[3999]]).toEqual([3999, 1999 + 3999, 2000, 3999])
  })
})

describe('a schedule with an order of starts', () => {
  const claimed = (schedule: Schedule): string | undefined => schedule.claim()?.task.id

  test('hands out ready tasks in it, and keeps needs', () => {
    const tasks = createTasks({}, {}, {needs: [0]}, {})
    const schedule = new Schedule(tasks, [2, 3, 1, 0])
    expect([claimed(schedule), claimed(schedule), claimed(schedule), claimed(schedule)]).toEqual(['task_3', 'task_1', 'task_0', undefined])
    if (tasks[0]) schedule.settle(tasks[0], succeeded)
    expect(claimed(schedule)).toBe('task_2')
  })

  test('keeps locks, and a retried task its place', () => {
    const [db] = [createLock('db')]
    const tasks = createTasks({locks: [db]}, {locks: [db]}, {})
    const schedule = new Schedule(tasks, [1, 0, 2])
    expect([claimed(schedule), claimed(schedule), claimed(schedule)]).toEqual(['task_1', 'task_2', undefined])
    const [, second] = tasks
    if (second === undefined) throw new Error('no task')
    schedule.release(second)
    schedule.retry(second)
    expect(claimed(schedule)).toBe('task_1')
    schedule.release(second)
    schedule.settle(second, exited(1))
    expect(claimed(schedule)).toBe('task_0')
  })

  test('skips what needs a failed task, and takes skipped tasks out', () => {
    const tasks = createTasks({}, {needs: [0]}, {})
    const schedule = new Schedule(tasks, [2, 1, 0])
    expect(schedule.upcoming(3).map(({id}) => id)).toEqual(['task_2', 'task_0', 'task_1'])
    expect([claimed(schedule), claimed(schedule)]).toEqual(['task_2', 'task_0'])
    const [first] = tasks
    if (first) expect(schedule.settle(first, exited(1)).map(({task}) => task.id)).toEqual(['task_1'])
    expect(claimed(schedule)).toBeUndefined()
  })

  test('hands out the same tasks in any order, each once', () => {
    fc.assert(
      fc.property(anyTimedTasks, ({tasks, ms}) => {
        const schedule = new Schedule(tasks, startOrder(tasks, ms))
        const seen: number[] = []
        for (let claim = schedule.claim(); claim !== undefined; claim = schedule.claim()) {
          seen.push(claim.task.index)
          schedule.release(claim.task)
          for (const {task} of schedule.settle(claim.task, succeeded)) seen.push(task.index)
        }
        expect(schedule.isSettled).toBe(true)
        expect(seen.toSorted((a, b) => a - b)).toEqual(tasks.map(({index}) => index))
      }),
      {numRuns: runs(100)}
    )
  })
})
