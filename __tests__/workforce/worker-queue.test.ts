import {describe, expect, test} from '@jest/globals'
import type {TaskWorker} from '../../src/worker/task-worker.ts'
import {WorkerQueue, type WorkerSource} from '../../src/workforce/worker-queue.ts'

const never = new AbortController().signal
const worker = (name: string) => ({name}) as unknown as TaskWorker

/** A queue whose workers a test provides: `idle` are there, and one is started for each of `startable`. */
function queueOf(idle: TaskWorker[], startable: TaskWorker[]) {
  const queue = new WorkerQueue()
  const calls: string[] = []
  const source = (name: string, key = 'same'): WorkerSource => ({
    key,
    find: () => {
      calls.push(`find ${name}`)
      return idle.shift()
    },
    start: ahead => {
      calls.push(`start ${name} ${ahead}`)
      return startable.shift()
    }
  })
  return {queue, calls, source, idle, startable}
}

describe('a queue for workers', () => {
  test('listens to no signal any more once a task has its worker, could not be given one, or has left', async () => {
    const listeners = new Set<unknown>()
    class CountedSignal extends EventTarget {
      readonly aborted = false
      override addEventListener(type: string, listener: () => void) {
        listeners.add(listener)
        super.addEventListener(type, listener)
      }
      override removeEventListener(type: string, listener: () => void) {
        listeners.delete(listener)
        super.removeEventListener(type, listener)
      }
    }
    const signal = new CountedSignal() as unknown as AbortSignal
    const {queue, source} = queueOf([worker('one')], [])
    await queue.wait(source('a'), signal)
    const failing = {
      ...source('b'),
      start: () => {
        throw new Error('no more processes')
      }
    }
    await expect(queue.wait(failing, signal)).rejects.toThrow('no more processes')
    const left = queue.wait(source('c'), signal)
    expect(listeners.size).toBe(1)
    signal.dispatchEvent(new Event('abort'))
    expect(await left).toBe(undefined)
    expect(listeners.size).toBe(0)
  })

  test('gives one that is there at once, and starts none', async () => {
    const one = worker('one')
    const {queue, calls, source} = queueOf([one], [])
    expect(await queue.wait(source('a'), never)).toBe(one)
    expect(calls).toEqual(['find a'])
  })

  test('starts one where there is none', async () => {
    const one = worker('one')
    const {queue, source} = queueOf([], [one])
    expect(await queue.wait(source('a'), never)).toBe(one)
  })

  test('serves the task that has waited longest first', async () => {
    const {queue, source, idle} = queueOf([], [])
    const [a, b] = [queue.wait(source('a'), never), queue.wait(source('b'), never)]
    const [one, two] = [worker('one'), worker('two')]
    idle.push(one)
    queue.serve()
    idle.push(two)
    queue.serve()
    expect([await a, await b]).toEqual([one, two])
  })

  test('looks for one for everybody before it starts one for anybody, and tells how many wait longer for the same', () => {
    const {queue, calls, source} = queueOf([], [])
    void queue.wait(source('a'), never)
    void queue.wait(source('b', 'other'), never)
    void queue.wait(source('c'), never)
    calls.length = 0
    queue.serve()
    expect(calls).toEqual(['find a', 'find b', 'find c', 'start a 0', 'start b 0', 'start c 1'])
  })

  test('gives nothing to a task that has left', async () => {
    const {queue, calls, source} = queueOf([], [])
    const leaving = new AbortController()
    const waiting = queue.wait(source('a'), leaving.signal)
    leaving.abort()
    calls.length = 0
    expect(await waiting).toBeUndefined()
    expect(await queue.wait(source('b'), AbortSignal.abort())).toBeUndefined()
    queue.serve()
    expect(calls).toEqual([])
  })

  test('tells what starting one throws to whom it was for, and goes on with the others', async () => {
    const {queue, source, startable} = queueOf([], [])
    const failing: WorkerSource = {
      key: 'same',
      find: () => undefined,
      start: () => {
        throw new Error('EAGAIN')
      }
    }
    await expect(queue.wait(failing, never)).rejects.toThrow('EAGAIN')
    const one = worker('one')
    startable.push(one)
    expect(await queue.wait(source('a'), never)).toBe(one)
  })
})
