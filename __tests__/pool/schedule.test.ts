import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import type {Verdict} from '../../src/model/event.ts'
import type {Task} from '../../src/model/task.ts'
import {type Claim, Schedule} from '../../src/pool/schedule.ts'
import {exited, succeeded} from '../support/create-record.ts'
import {createLock, createTask, createTasks} from '../support/create-task.ts'
import {runs} from '../support/runs.ts'

const claimAll = (schedule: Schedule): string[] => {
  const ids = []
  for (let claim = schedule.claim(); claim !== undefined; claim = schedule.claim()) ids.push(claim.task.id)
  return ids
}

const first = ([task]: readonly Task[]): Task => task ?? createTask()

describe('Schedule', () => {
  test('hands out tasks in declared order, each once', () => {
    const schedule = new Schedule(createTasks({}, {}, {}))
    expect(claimAll(schedule)).toEqual(['task_0', 'task_1', 'task_2'])
  })

  test('keeps a task back until everything that it needs has ended', () => {
    const tasks = createTasks({}, {}, {needs: [0, 1]})
    const schedule = new Schedule(tasks)
    expect(claimAll(schedule)).toEqual(['task_0', 'task_1'])
    schedule.settle(first(tasks), succeeded)
    expect(claimAll(schedule)).toEqual([])
    schedule.settle(tasks[1] ?? createTask(), succeeded)
    expect(claimAll(schedule)).toEqual(['task_2'])
  })

  test('skips what needs a failed task, and what needs that in turn, with the reason', () => {
    const tasks = createTasks({}, {needs: [0]}, {needs: [1]})
    const schedule = new Schedule(tasks)
    schedule.claim()
    const skipped = schedule.settle(first(tasks), exited(1))
    expect(skipped.map(({task, skip}) => [task.id, skip.reason, 'need' in skip && skip.need.id])).toEqual([
      ['task_1', 'need-did-not-succeed', 'task_0'],
      ['task_2', 'need-did-not-succeed', 'task_1']
    ])
    expect(schedule.isSettled).toBe(true)
  })

  test('lets a task run whose need failed as it may', () => {
    const tasks = createTasks({continueOnError: true}, {needs: [0]})
    const schedule = new Schedule(tasks)
    schedule.claim()
    expect(schedule.settle(first(tasks), exited(1))).toEqual([])
    expect(claimAll(schedule)).toEqual(['task_1'])
  })

  test('runs "when: failure" after a failure further up, and "when: always" after a skip', () => {
    const tasks = createTasks({}, {needs: [0]}, {needs: [1], when: 'failure'}, {needs: [1], when: 'always'})
    const schedule = new Schedule(tasks)
    schedule.claim()
    expect(schedule.settle(first(tasks), exited(1)).map(({task}) => task.id)).toEqual(['task_1'])
    expect(claimAll(schedule)).toEqual(['task_2', 'task_3'])
  })

  test('skips "when: failure" where nothing has failed', () => {
    const tasks = createTasks({}, {needs: [0], when: 'failure'})
    const schedule = new Schedule(tasks)
    schedule.claim()
    expect(schedule.settle(first(tasks), succeeded).map(({skip}) => skip.reason)).toEqual(['no-need-failed'])
  })

  test('passes over a task whose lock is held, and comes back to it', () => {
    const db = createLock('db')
    const tasks = createTasks({locks: [db]}, {locks: [db, createLock('web')]}, {})
    const schedule = new Schedule(tasks)
    expect(claimAll(schedule)).toEqual(['task_0', 'task_2'])
    schedule.release(first(tasks))
    expect(claimAll(schedule)).toEqual(['task_1'])
  })

  test('gives a task that is tried again its place in declared order', () => {
    const tasks = createTasks({}, {}, {})
    const schedule = new Schedule(tasks)
    const task = schedule.claim()?.task ?? createTask()
    schedule.release(task)
    schedule.retry(task)
    expect(claimAll(schedule)).toEqual(['task_0', 'task_1', 'task_2'])
  })

  test('under fail-fast still runs what asks for failures, and nothing after a cancel', () => {
    const tasks = createTasks({}, {}, {needs: [1], when: 'always'}, {needs: [0], when: 'failure'})
    const schedule = new Schedule(tasks)
    const cause = schedule.claim()?.task ?? createTask()
    schedule.settle(cause, exited(1))
    expect(schedule.stop({status: 'skipped', reason: 'fail-fast', cause}).map(({task}) => task.id)).toEqual(['task_1'])
    expect(claimAll(schedule).slice(0, 1)).toEqual(['task_2'])
    const other = new Schedule(tasks)
    expect(other.stop({status: 'skipped', reason: 'cancelled'}).map(({task}) => task.id)).toEqual(['task_0', 'task_1', 'task_2', 'task_3'])
    expect(other.isSettled).toBe(true)
  })

  test('gives every task of any graph one verdict, never before its needs, and of each lock the lowest slot that no other has', () => {
    fc.assert(
      fc.property(graphs(), fc.infiniteStream(fc.nat()), (tasks, choices) => {
        const schedule = new Schedule(tasks)
        const verdicts = new Map<number, Verdict>()
        const running: Claim[] = []
        const settle = (task: Task, verdict: Verdict) => {
          expect(verdicts.has(task.index)).toBe(false)
          verdicts.set(task.index, verdict)
        }
        const choose = (below: number) => (choices.next().value ?? 0) % below
        while (!schedule.isSettled) {
          const claimed = choose(3) === 0 && running.length > 0 ? undefined : schedule.claim()
          if (claimed !== undefined) {
            expect(claimed.task.needs.flatMap(need => need.tasks).every(need => verdicts.has(need))).toBe(true)
            expect(new Set(claimed.lockSlots.keys())).toEqual(new Set(claimed.task.locks))
            for (const [lock, slot] of claimed.lockSlots) {
              const taken = running.flatMap(({lockSlots}) => lockSlots.get(lock) ?? [])
              expect(taken).not.toContain(slot)
              expect(Array.from({length: slot}, (_, lower) => lower).every(lower => taken.includes(lower))).toBe(true)
              expect(slot).toBeLessThan(lock.room)
            }
            running.push(claimed)
            continue
          }
          const task = running.splice(choose(running.length), 1)[0]?.task
          if (task === undefined) throw new Error('nothing runs and nothing can start')
          schedule.release(task)
          if (choose(5) === 0) {
            schedule.retry(task)
            continue
          }
          const verdict = choose(3) === 0 ? exited(1) : succeeded
          settle(task, verdict)
          for (const {task: other, skip} of schedule.settle(task, verdict)) settle(other, skip)
        }
        expect(verdicts.size).toBe(tasks.length)
      }),
      {numRuns: runs(200)}
    )
  })
})

function graphs(): fc.Arbitrary<Task[]> {
  const locks = [createLock('a'), createLock('b', 2), createLock('c', 3)]
  const node = fc.record({
    needs: fc.uniqueArray(fc.nat(30), {maxLength: 4}),
    locks: fc.uniqueArray(fc.constantFrom(...locks), {maxLength: 2}),
    when: fc.constantFrom('success' as const, 'failure' as const, 'always' as const),
    continueOnError: fc.boolean()
  })
  return fc
    .array(node, {minLength: 1, maxLength: 30})
    .map(nodes => createTasks(...nodes.map((each, i) => ({...each, needs: each.needs.filter(need => need < i)}))))
}
