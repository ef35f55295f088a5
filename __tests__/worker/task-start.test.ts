import {describe, expect, test} from '@jest/globals'
import {TaskStart} from '../../src/worker/task-start.ts'
import type {Assignment} from '../../src/worker/task-worker.ts'

function assignmentThatTells(told: string[]): Assignment {
  return {
    workingDirectory: '/',
    environment: new Map(),
    onStarted: () => told.push('started'),
    onOver: () => {},
    onOutput: (stream, chunk) => {
      told.push(`${stream}: ${chunk}`)
      return undefined
    }
  }
}

describe('TaskStart', () => {
  test('lets what the task prints wait for the word that it has begun, in the order in which it came', () => {
    const told: string[] = []
    const assignment = assignmentThatTells(told)
    const start = new TaskStart()
    void start.print(assignment, 'stdout', Buffer.from('one'))
    void start.print(assignment, 'stderr', Buffer.from('two'))
    void start.print(assignment, 'stdout', Buffer.from('three'))
    expect([told, start.hasBegun, start.waiting.toString()]).toEqual([[], false, 'onetwothree'])
    start.begin(assignment)
    start.begin(assignment)
    void start.print(assignment, 'stdout', Buffer.from('four'))
    expect(told).toEqual(['started', 'stdout: one', 'stderr: two', 'stdout: three', 'stdout: four'])
    expect([start.hasBegun, start.waiting.length]).toEqual([true, 0])
  })

  test('has nothing that waits when it tells that the task has begun: what was printed is not what came before the task', () => {
    const start = new TaskStart()
    const waiting: string[] = []
    const assignment = {...assignmentThatTells([]), onStarted: () => waiting.push(start.waiting.toString())}
    void start.print(assignment, 'stdout', Buffer.from("the task's"))
    start.begin(assignment)
    expect(waiting).toEqual([''])
  })
})
