import {describe, expect, test} from '@jest/globals'
import {expectedMs, RunProgress} from '../../../src/cli/terminal/run-progress.ts'
import type {PoolEvent} from '../../../src/model/event.ts'
import {exited, planOf, powershell, printed, ranFor, skippedBecause, succeeded} from '../../support/create-record.ts'
import {createTask, createTasks} from '../../support/create-task.ts'

const tasks = createTasks({}, {}, {continueOnError: true}, {})
const [a, b, allowed, last] = tasks as [ReturnType<typeof createTask>, ...ReturnType<typeof createTask>[]]

function progressAfter(...events: readonly PoolEvent[]): RunProgress {
  const progress = new RunProgress()
  progress.apply({type: 'run-started', plan: planOf(tasks), tasks, powershells: [powershell], maxParallel: 2}, 0)
  for (const event of events) progress.apply(event, 0)
  return progress
}

const started = (task = a, startedAt = 0): PoolEvent => ({type: 'attempt-started', task, number: 1, worker: 0, startedAt})
const over = (task = a, ms = 1000, end: Parameters<typeof ranFor>[1][number]['end'] = succeeded): PoolEvent[] => {
  const record = ranFor(task, [{ms, end}])
  const [attempt] = record.attempts
  if (attempt === undefined) throw new Error('no attempt')
  return [
    {type: 'attempt-ended', task, attempt, output: printed(), retryInMs: undefined},
    {type: 'task-ended', record}
  ]
}

describe('RunProgress', () => {
  test('counts what is done, what has failed the run, and what was skipped', () => {
    const skip: PoolEvent = {
      type: 'task-ended',
      record: skippedBecause(last ?? a, {status: 'skipped', reason: 'need-did-not-succeed', need: a})
    }
    const progress = progressAfter(started(), ...over(a, 1000, exited(1)), started(b), ...over(b), ...over(allowed, 3000, exited(2)), skip)
    expect(progress).toMatchObject({total: 4, done: 4, failed: 1, skipped: 1, ran: 3, running: [], isInterrupted: false})
    expect(progress.meanTaskMs).toBeCloseTo(5000 / 3)
  })

  test('shows the last line of a running task that is not blank', () => {
    const progress = progressAfter(started())
    progress.recordLines(a, 'one\ntwo\n\n  \n')
    progress.recordLines(a, '\n')
    progress.recordLines(createTask({index: 9}), 'of nobody\n')
    expect(progress.running).toEqual([{task: a, startedAt: 0, lastLine: 'two', isEnding: false, isSlow: false}])
  })

  test('shows what a task has printed before it was told that the task runs', () => {
    const progress = new RunProgress()
    progress.recordLines(a, 'early\n')
    progress.apply(started(), 0)
    expect(progress.running).toEqual([{task: a, startedAt: 0, lastLine: 'early', isEnding: false, isSlow: false}])
  })

  test('begins a new attempt without the lines of the one before', () => {
    const progress = progressAfter(started())
    progress.recordLines(a, 'old\n')
    progress.apply(over()[0] as PoolEvent, 0)
    progress.apply(started(a, 500), 500)
    expect(progress.running).toEqual([{task: a, startedAt: 500, lastLine: '', isEnding: false, isSlow: false}])
  })

  test('knows what is being ended, and whether a signal is why', () => {
    const timedOut = progressAfter(started(), {
      type: 'attempt-ending',
      task: a,
      number: 1,
      end: {status: 'timed-out', reason: 'timeout', timeoutMs: 1}
    })
    expect(timedOut).toMatchObject({isInterrupted: false, running: [{isEnding: true, isSlow: false}]})
    const cancelled = progressAfter(started(), {
      type: 'attempt-ending',
      task: a,
      number: 1,
      end: {status: 'cancelled', reason: 'cancelled'}
    })
    expect(cancelled.isInterrupted).toBe(true)
  })
})

describe('expectedMs', () => {
  test('has nothing to say before as many tasks have ended as run, nor when all have', () => {
    expect(expectedMs(progressAfter(started()), 5000)).toBeUndefined()
    expect(expectedMs(progressAfter(...over(a), started(b), started(last)), 5000)).toBeUndefined()
    expect(expectedMs(progressAfter(...tasks.flatMap(task => over(task))), 5000)).toBeUndefined()
  })

  test('goes by how fast tasks have ended while others wait', () => {
    expect(expectedMs(progressAfter(...over(a), started(b)), 2000)).toBe(6000)
  })

  test('goes by how long tasks take once all are running', () => {
    const running = [started(allowed, 500), started(last, 900)]
    expect(expectedMs(progressAfter(...over(a, 2000), ...over(b, 2000), ...running), 1000)).toBe(1900)
    expect(expectedMs(progressAfter(...over(a, 2000), ...over(b, 2000), ...running), 60_000)).toBe(0)
  })
})
