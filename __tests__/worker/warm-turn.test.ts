import {mkdtempSync} from 'node:fs'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from '@jest/globals'
import type {TaskWorker} from '../../src/worker/task-worker.ts'
import {type TurnWorker, WarmTurn} from '../../src/worker/warm-turn.ts'
import {WorkerFolder} from '../../src/worker/worker-folder.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const parent = temporaryFolder()
const boom = () => {
  throw new TypeError('boom')
}

/** A worker that does nothing by itself, some of whose parts break. */
function createWorker(broken: Partial<TurnWorker>) {
  const failures: unknown[] = []
  let nonce = ''
  const worker: TurnWorker = {
    folder: new WorkerFolder(mkdtempSync(path.join(parent, 'worker-'))),
    pid: 1,
    bootOutput: '',
    setupTimedOut: false,
    fail: error => void failures.push(error),
    hand: (_, given) => {
      nonce = given
    },
    beginTask: () => {},
    end: () => {},
    kill: () => {},
    endLeftBehind: async () => [],
    takeBack: async () => {},
    ...broken
  }
  return {worker, failures, mark: () => Buffer.from(`\x1e${nonce}`)}
}

const assignment = {workingDirectory: parent, environment: new Map(), onStarted: () => {}, onOver: () => {}, onOutput: () => undefined}
const done = {type: 'done', exitCode: 0, memory: 0, threads: 0, handles: 0, unfit: undefined} as never

describe('a turn at a warm worker', () => {
  const unhandled: unknown[] = []
  const note = (error: unknown) => unhandled.push(error)

  beforeEach(() => {
    unhandled.length = 0
    process.on('unhandledRejection', note)
  })

  afterEach(async () => {
    await new Promise(resolve => setImmediate(resolve))
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })

  test.each<[string, Partial<TurnWorker>, Partial<Parameters<TaskWorker['run']>[0]>]>([
    ['the worker cannot begin the task', {beginTask: boom}, {}],
    ['onStarted throws', {}, {onStarted: boom}],
    ['onOver throws', {}, {onOver: boom}],
    ['what the task left cannot be ended', {endLeftBehind: () => Promise.reject(new TypeError('boom'))}, {}],
    ['to end what the task left throws', {endLeftBehind: boom}, {}]
  ])('breaks off, and its worker with it, where %s', async (_, broken, change) => {
    const {worker, failures, mark} = createWorker(broken)
    const turn = new WarmTurn(worker)
    turn.run({...assignment, ...change})
    const whole = Buffer.concat([mark(), Buffer.from('a line\n'), mark()])
    for (const stream of ['stdout', 'stderr'] as const) void turn.print(stream, Buffer.from(whole), () => {})
    turn.begin()
    turn.finish(done)
    await expect(turn.completed).resolves.toMatchObject({reason: 'internal', message: expect.stringContaining('boom')})
    expect(failures).toEqual([new TypeError('boom')])
  })

  test('tells that the task is over before what it has left is looked for', async () => {
    const told: string[] = []
    const endLeftBehind = async () => {
      told.push('looked for')
      return []
    }
    const {worker, mark} = createWorker({endLeftBehind})
    const turn = new WarmTurn(worker)
    turn.run({...assignment, onOver: () => told.push('over')})
    for (const stream of ['stdout', 'stderr'] as const) void turn.print(stream, Buffer.concat([mark(), mark()]), () => {})
    turn.begin()
    turn.finish(done)
    await turn.completed
    expect(told).toEqual(['over', 'looked for'])
  })

  test('is over as it should be where nothing breaks', async () => {
    const {worker, failures, mark} = createWorker({})
    const turn = new WarmTurn(worker)
    turn.run(assignment)
    for (const stream of ['stdout', 'stderr'] as const) void turn.print(stream, Buffer.concat([mark(), mark()]), () => {})
    turn.begin()
    turn.finish(done)
    await expect(turn.completed).resolves.toEqual({reason: 'exited', exitCode: 0})
    expect(failures).toEqual([])
  })
})
