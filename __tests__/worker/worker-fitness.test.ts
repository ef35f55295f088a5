import {describe, expect, test} from '@jest/globals'
import {growthLimits, WorkerFitness} from '../../src/worker/worker-fitness.ts'
import type {TaskDone} from '../../src/worker/worker-protocol.ts'

const first: TaskDone = {exitCode: 0, workingSet: 100e6, threads: 20, handles: 50, unfitBecause: '', mayHaveStarted: undefined}

function judged(second: Partial<TaskDone>, maxTasks = 500): string | undefined {
  const fitness = new WorkerFitness(maxTasks)
  fitness.judge(first)
  return fitness.judge({...first, ...second})
}

describe('a warm worker', () => {
  test.each<[string, Partial<TaskDone>]>([
    ['memory', {workingSet: first.workingSet + growthLimits.memory + 1}],
    ['threads', {threads: first.threads + growthLimits.threads + 1}],
    ['handles', {handles: first.handles + growthLimits.handles + 1}],
    ['console-replaced', {unfitBecause: 'console-replaced'}],
    ['not-tidied', {unfitBecause: 'not-tidied'}]
  ])('is replaced because of %s', (reason, second) => {
    expect(judged(second)).toBe(reason)
  })

  test('stays while it has not grown past a limit, whatever its tasks end with', () => {
    expect(
      judged({exitCode: 1, workingSet: first.workingSet + growthLimits.memory, threads: first.threads + growthLimits.threads})
    ).toBeUndefined()
  })

  test('is replaced after as many tasks as it may run', () => {
    expect(judged({}, 2)).toBe('task-limit')
    expect(new WorkerFitness(1).judge(first)).toBe('task-limit')
  })

  test('that runs several at a time may run as many in each of its slots', () => {
    const fitness = new WorkerFitness(2)
    const reasons = Array.from({length: 6}, () => fitness.judge(first, growthLimits, 3))
    expect(reasons).toEqual([...Array.from({length: 5}), 'task-limit'])
  })
})
