import {afterEach, beforeEach, describe, expect, jest, test} from '@jest/globals'
import type {PoolEvent} from '../../src/model/event.ts'
import {EventStream} from '../../src/model/event-stream.ts'
import {noRetry} from '../../src/model/settings.ts'
import type {Task} from '../../src/model/task.ts'
import {Pool} from '../../src/pool/pool.ts'
import {slowAfter} from '../../src/pool/slow.ts'
import {CommandedAttempts, settled} from '../support/commanded-attempts.ts'
import {planOf, powershell} from '../support/create-record.ts'
import {createTasks} from '../support/create-task.ts'

describe('slowAfter', () => {
  const recorded = {medianMs: 4000, samples: 5}

  test.each([
    ['a duration', {slow: {ms: 2000}}, {afterMs: 2000, usualMs: undefined}],
    ['a duration beside what is usual', {slow: {ms: 2000}, recorded}, {afterMs: 2000, usualMs: 4000}],
    ['times the usual', {slow: {times: 2.5}, recorded}, {afterMs: 10_000, usualMs: 4000}],
    [
      'times what is longer than any timer',
      {slow: {times: 1000}, recorded: {medianMs: 3e9, samples: 9}},
      {afterMs: 24 * 24 * 3_600_000, usualMs: 3e9}
    ],
    ['nothing below five durations', {slow: {times: 3}, recorded: {...recorded, samples: 4}}, undefined],
    ['nothing where nothing is recorded', {slow: {times: 3}}, undefined],
    ['never', {slow: {ms: 0}, recorded}, undefined],
    ['no limit', {recorded}, undefined]
  ])('goes by %s', (_, task, expected) => {
    expect(slowAfter(task)).toEqual(expected)
  })
})

describe('a slow task', () => {
  beforeEach(() => {
    jest.useFakeTimers({now: 1_000_000})
  })

  afterEach(() => {
    jest.useRealTimers()
  })

  function start(tasks: readonly Task[]) {
    const told: unknown[] = []
    const attempts = new CommandedAttempts()
    const read = (event: PoolEvent) => {
      if (event.type === 'task-slow') told.push([event.task.id, event.number, event.afterMs])
    }
    const options = {
      plan: planOf(tasks),
      powershells: [powershell],
      maxParallel: 4,
      minParallel: 0,
      failFast: 'false',
      totalTimeoutMs: 0
    } as const
    const pool = new Pool(tasks, {...options, workforce: attempts}, new EventStream([read]))
    return {told, attempts, pool, done: pool.run()}
  }

  test('is told once while it runs, whichever attempt is slow first', async () => {
    const retry = {...noRetry, times: 2}
    const {told, attempts, done} = start(createTasks({slow: {ms: 1000}, retry}, {slow: {ms: 5000}}, {}))
    await settled()
    jest.advanceTimersByTime(999)
    await attempts.of('task_0').exit(1)
    jest.advanceTimersByTime(0)
    await settled()
    jest.advanceTimersByTime(1000)
    await settled()
    expect(told).toEqual([['task_0', 2, 1000]])
    await attempts.of('task_0').exit(1)
    jest.advanceTimersByTime(0)
    await settled()
    jest.advanceTimersByTime(2000)
    await settled()
    expect(told).toHaveLength(1)
    for (const id of ['task_0', 'task_1', 'task_2']) await attempts.of(id).exit(0)
    await done
    jest.advanceTimersByTime(10_000)
    expect(told).toHaveLength(1)
  })

  test('is not told while it is being ended, or once it is over by itself', async () => {
    const {told, attempts, pool} = start(createTasks({slow: {ms: 1000}}, {slow: {ms: 1000}, timeoutMs: 500}))
    await settled()
    attempts.of('task_0').onOver()
    jest.advanceTimersByTime(2000)
    await settled()
    expect(told).toEqual([])
    pool.cancel()
  })
})
