import {afterEach, beforeEach, describe, expect, jest, test} from '@jest/globals'
import fc from 'fast-check'
import type {Kept, PoolEvent, RunRecord} from '../../src/model/event.ts'
import {EventStream} from '../../src/model/event-stream.ts'
import {noRetry} from '../../src/model/settings.ts'
import type {Task} from '../../src/model/task.ts'
import {noChanges} from '../../src/model/task-changes.ts'
import {forceFinishAfterMs, Pool, type PoolOptions} from '../../src/pool/pool.ts'
import {Schedule} from '../../src/pool/schedule.ts'
import {runResult} from '../../src/report/totals.ts'
import {CommandedAttempts, settled} from '../support/commanded-attempts.ts'
import {planOf, powershell, printed} from '../support/create-record.ts'
import {createLock, createTasks} from '../support/create-task.ts'
import {runs} from '../support/runs.ts'

function startPool(tasks: readonly Task[], options: Partial<PoolOptions> = {}, attempts = new CommandedAttempts()) {
  const events: PoolEvent[] = []
  const stream = new EventStream([
    event => {
      events.push(event)
    }
  ])
  const defaults = {
    plan: planOf(tasks),
    powershells: [powershell],
    maxParallel: 2,
    minParallel: 0,
    failFast: 'false' as const,
    totalTimeoutMs: 0
  }
  const pool = new Pool(tasks, {...defaults, workforce: attempts, ...options}, stream)
  return {pool, attempts, events, stream, done: pool.run()}
}

const verdicts = (record: RunRecord): string[] => record.tasks.map(({task, verdict}) => `${task.id} ${verdict.status} ${verdict.reason}`)

describe('Pool', () => {
  beforeEach(() => {
    jest.useFakeTimers({now: 1_000_000})
  })

  afterEach(() => {
    jest.useRealTimers()
  })

  test('never runs more than max-parallel tasks, and starts the next in declared order when one ends', async () => {
    const {attempts, done} = startPool(createTasks({}, {}, {}, {}))
    expect(attempts.ids).toEqual(['task_0', 'task_1'])
    await attempts.of('task_1').exit(0)
    expect(attempts.ids).toEqual(['task_0', 'task_2'])
    await attempts.of('task_0').exit(0)
    expect(attempts.ids).toEqual(['task_2', 'task_3'])
    await attempts.of('task_2').exit(0)
    await attempts.of('task_3').exit(0)
    expect(verdicts(await done)).toEqual(['task_0', 'task_1', 'task_2', 'task_3'].map(id => `${id} success exit`))
  })

  test('takes the exit codes of a task for a success that it says are one, and no others', async () => {
    const retry = {...noRetry, times: 1}
    const tasks = createTasks(
      {successCodes: [0, 3010], retry},
      {successCodes: [3], continueOnError: true},
      {successCodes: [-1]},
      {needs: [0]}
    )
    const {attempts, done} = startPool(tasks, {maxParallel: 4})
    await attempts.of('task_0').exit(3010)
    await attempts.of('task_1').exit(0)
    // As Windows tells a code of -1.
    await attempts.of('task_2').exit(4_294_967_295)
    await attempts.of('task_3').exit(0)
    const record = await done
    expect(verdicts(record)).toEqual(['task_0 success exit', 'task_1 failure exit-code', 'task_2 success exit', 'task_3 success exit'])
    expect(record.tasks.map(({verdict}) => 'exitCode' in verdict && verdict.exitCode)).toEqual([3010, 0, 4_294_967_295, 0])
    expect(record.tasks.map(task => task.attempts.length)).toEqual([1, 1, 1, 1])
  })

  test('gives a task the lowest free slot', async () => {
    const {attempts} = startPool(createTasks({}, {}, {}, {}), {maxParallel: 3})
    expect(attempts.running.map(({worker}) => worker)).toEqual([0, 1, 2])
    await attempts.of('task_1').exit(0)
    expect(attempts.of('task_3').worker).toBe(1)
  })

  test('asks for a task no more often than there are tasks to start and slots that become free, however many slots are free', async () => {
    const claims = jest.spyOn(Schedule.prototype, 'claim')
    const tasks = createTasks(...Array.from({length: 300}, () => ({locks: [createLock('db')]})))
    const {attempts, done} = startPool(tasks, {maxParallel: 256})
    for (const {id} of tasks) await attempts.of(id).exit(0)
    await done
    expect(claims.mock.calls.length).toBeLessThanOrEqual(2 * tasks.length + 1)
    claims.mockRestore()
  })

  test('never starts a kept task: what needs it starts at once, and is told that it succeeded, with its outputs', async () => {
    const outputs = new Map([['url', 'https://x']])
    const kept: Kept = {status: 'kept', reason: 'kept', exitCode: 3, ranAt: 0, durationMs: 70, changes: {...noChanges, outputs}}
    const tasks = createTasks(
      {},
      {needs: [0], locks: [createLock('db')]},
      {needs: [1]},
      {locks: [createLock('db')]},
      {needs: [0], when: 'failure'}
    )
    const {attempts, done, events} = startPool(tasks, {maxParallel: 5, kept: new Map([0, 1].map(index => [index, kept]))})
    expect(attempts.ids).toEqual(['task_2', 'task_3'])
    const told = attempts.of('task_2').inherited.needs?.get('task_1')
    expect(told).toEqual(
      new Map<string, unknown>([
        ['id', 'task_1'],
        ['name', 'task_1'],
        ['result', 'success'],
        ['kept', true],
        ['exitCode', 3n],
        ['error', null],
        ['durationMs', 70n],
        ['outputs', outputs]
      ])
    )
    await attempts.of('task_2').exit(0)
    await attempts.of('task_3').exit(0)
    const record = await done
    expect(record.tasks.map(({verdict}) => verdict.status)).toEqual(['kept', 'kept', 'success', 'success', 'skipped'])
    expect(runResult(record)).toBe('success')
    expect(events[0]).toMatchObject({type: 'run-started', kept: record.tasks.slice(0, 2)})
  })

  test('ends at once where all is kept', async () => {
    const kept: Kept = {status: 'kept', reason: 'kept', exitCode: 0, ranAt: 0, durationMs: 1, changes: noChanges}
    const {done, attempts} = startPool(createTasks({}, {needs: [0]}), {kept: new Map([0, 1].map(index => [index, kept]))})
    expect(verdicts(await done)).toEqual(['task_0 kept kept', 'task_1 kept kept'])
    expect(attempts.started).toEqual([])
  })

  test('ends at once without tasks', async () => {
    const {done, events} = startPool([])
    expect((await done).tasks).toEqual([])
    expect(events.map(({type}) => type)).toEqual(['run-started', 'run-ended'])
  })

  test('reports exit codes, signals and processes that did not start as what they are', async () => {
    const {attempts, done} = startPool(createTasks({}, {}, {}), {maxParallel: 3})
    await attempts.of('task_0').exit(42)
    await attempts.of('task_1').complete({reason: 'killed', signal: 'SIGSEGV'})
    await attempts.of('task_2').complete({reason: 'not-started', message: 'no such file'})
    expect((await done).tasks.map(({verdict}) => verdict)).toEqual([
      {status: 'failure', reason: 'exit-code', exitCode: 42},
      {status: 'failure', reason: 'killed', signal: 'SIGSEGV'},
      {status: 'failure', reason: 'not-started', message: 'no such file'}
    ])
  })

  test('ends an attempt at its timeout and keeps its slot until it is gone, whatever its exit code is then', async () => {
    const {attempts, done} = startPool(createTasks({timeoutMs: 5000}, {}), {maxParallel: 1})
    await settled()
    jest.advanceTimersByTime(4999)
    expect(attempts.of('task_0').asked).toBe('nothing')
    jest.advanceTimersByTime(1)
    expect(attempts.of('task_0').asked).toBe('end')
    expect(attempts.ids).toEqual(['task_0'])
    await attempts.of('task_0').exit(0)
    await attempts.of('task_1').exit(0)
    expect(verdicts(await done)).toEqual(['task_0 timed-out timeout', 'task_1 success exit'])
  })

  test('tries a failed task again after its delay, which grows, and counts the attempts', async () => {
    const retry = {...noRetry, times: 2, delayMs: 1000, backoff: 3, maxDelayMs: 2000}
    const {attempts, done, events} = startPool(createTasks({retry}, {}), {maxParallel: 1})
    await attempts.of('task_0').exit(1)
    expect(attempts.ids).toEqual(['task_1'])
    await attempts.of('task_1').exit(0)
    jest.advanceTimersByTime(1000)
    expect(attempts.of('task_0').number).toBe(2)
    await attempts.of('task_0').exit(2)
    jest.advanceTimersByTime(1999)
    expect(attempts.ids).toEqual([])
    jest.advanceTimersByTime(1)
    await attempts.of('task_0').exit(0)
    const [record] = (await done).tasks
    expect(record?.attempts.map(({number, end}) => [number, end.status])).toEqual([
      [1, 'failure'],
      [2, 'failure'],
      [3, 'success']
    ])
    expect(events.flatMap(event => (event.type === 'attempt-ended' && event.task.id === 'task_0' ? [event.retryInMs] : []))).toEqual([
      1000,
      2000,
      undefined
    ])
  })

  test('waits before another attempt for no longer than a timer can, and for nothing where there is no delay', async () => {
    const grown = {...noRetry, times: 100, delayMs: 1000, backoff: 1e6}
    const {attempts, events} = startPool(createTasks({retry: grown}, {retry: {...grown, delayMs: 0, backoff: 1e300}}))
    for (let number = 1; number <= 4; number++) {
      for (const id of attempts.ids) await attempts.of(id).exit(1)
      jest.runOnlyPendingTimers()
    }
    const waits = (id: string) => events.flatMap(event => (event.type === 'attempt-ended' && event.task.id === id ? [event.retryInMs] : []))
    expect(waits('task_0')).toEqual([1000, 1e9, 24 * 24 * 3_600_000, 24 * 24 * 3_600_000])
    expect(waits('task_1')).toEqual([0, 0, 0, 0])
  })

  test('with fail-fast "no-new" starts no more and lets those that run finish', async () => {
    const {attempts, done} = startPool(createTasks({}, {}, {}), {failFast: 'no-new'})
    await attempts.of('task_0').exit(1)
    expect(attempts.ids).toEqual(['task_1'])
    expect(attempts.of('task_1').asked).toBe('nothing')
    await attempts.of('task_1').exit(0)
    expect(verdicts(await done)).toEqual(['task_0 failure exit-code', 'task_1 success exit', 'task_2 skipped fail-fast'])
  })

  test('with fail-fast "true" also ends those that run, but for what asks for failures', async () => {
    const tasks = createTasks({}, {}, {}, {needs: [0], when: 'always'}, {})
    const {attempts, done} = startPool(tasks, {failFast: 'true', maxParallel: 3})
    await attempts.of('task_0').exit(0)
    expect(attempts.ids).toEqual(['task_1', 'task_2', 'task_3'])
    await attempts.of('task_1').exit(1)
    expect(attempts.running.map(({task, asked}) => [task.id, asked])).toEqual([
      ['task_2', 'end'],
      ['task_3', 'nothing']
    ])
    await attempts.of('task_2').complete({reason: 'killed', signal: 'SIGINT'})
    await attempts.of('task_3').exit(0)
    expect(verdicts(await done)).toEqual([
      'task_0 success exit',
      'task_1 failure exit-code',
      'task_2 cancelled fail-fast',
      'task_3 success exit',
      'task_4 skipped fail-fast'
    ])
  })

  test('fails fast only on the last attempt, and never on an allowed failure', async () => {
    const {attempts, done} = startPool(createTasks({retry: {...noRetry, times: 1}}, {continueOnError: true}, {}, {}), {failFast: 'no-new'})
    await attempts.of('task_1').exit(1)
    await attempts.of('task_0').exit(1)
    jest.advanceTimersByTime(0)
    await attempts.of('task_2').exit(0)
    expect(attempts.ids).toEqual(['task_3', 'task_0'].sort((a, b) => attempts.started.lastIndexOf(a) - attempts.started.lastIndexOf(b)))
    await attempts.of('task_0').exit(1)
    await attempts.of('task_3').exit(0)
    expect(verdicts(await done)[3]).toBe('task_3 success exit')
  })

  test.each(['no-new', 'true'] as const)(
    'with fail-fast "%s" and max-failures runs on until there are as many failures',
    async failFast => {
      const {attempts, done} = startPool(createTasks({}, {}, {}, {}, {}, {}), {failFast, maxFailures: {kind: 'count', count: 2}})
      await attempts.of('task_0').exit(1)
      await attempts.of('task_1').exit(0)
      expect(attempts.ids).toEqual(['task_2', 'task_3'])
      await attempts.of('task_2').exit(1)
      expect(attempts.of('task_3').asked).toBe(failFast === 'true' ? 'end' : 'nothing')
      await attempts.of('task_3').exit(0)
      const [, , , running, ...others] = (await done).tasks.map(({verdict}) => verdict)
      expect(running).toMatchObject(failFast === 'true' ? {status: 'cancelled', cause: {id: 'task_2'}, failed: 2} : {status: 'success'})
      expect(others).toMatchObject(
        Array.from({length: 2}, () => ({status: 'skipped', reason: 'fail-fast', cause: {id: 'task_2'}, failed: 2}))
      )
    }
  )

  test('with a share as max-failures stops when a success makes it ten tasks that have ended', async () => {
    const {attempts, done} = startPool(createTasks(...Array.from({length: 12}, () => ({}))), {
      failFast: 'no-new',
      maxParallel: 1,
      maxFailures: {kind: 'percentage', percent: 20}
    })
    for (let index = 0; index < 10; index++) await attempts.of(`task_${index}`).exit(index < 3 ? 1 : 0)
    expect(verdicts(await done).slice(9)).toEqual(['task_9 success exit', 'task_10 skipped fail-fast', 'task_11 skipped fail-fast'])
  })

  test('gives a task that waits to be tried again its last verdict when nothing more is to start', async () => {
    const {attempts, done} = startPool(createTasks({retry: {...noRetry, times: 1, delayMs: 60_000}}, {}), {failFast: 'no-new'})
    await attempts.of('task_0').exit(7)
    await attempts.of('task_1').exit(1)
    expect(verdicts(await done)).toEqual(['task_0 failure exit-code', 'task_1 failure exit-code'])
  })

  test('gives a task that is to be tried again, and waits for a slot, its last verdict too, which its dependents go by', async () => {
    const tasks = createTasks({retry: {...noRetry, times: 1}}, {}, {needs: [0], when: 'failure'}, {})
    const {attempts, done} = startPool(tasks, {failFast: 'no-new', maxParallel: 1})
    await attempts.of('task_0').exit(7)
    jest.runOnlyPendingTimers()
    await attempts.of('task_1').exit(1)
    await attempts.of('task_2').exit(0)
    expect(verdicts(await done)).toEqual([
      'task_0 failure exit-code',
      'task_1 failure exit-code',
      'task_2 success exit',
      'task_3 skipped fail-fast'
    ])
  })

  test('at the total timeout ends what runs and skips the rest', async () => {
    const {attempts, done} = startPool(createTasks({}, {}), {maxParallel: 1, totalTimeoutMs: 3000})
    jest.advanceTimersByTime(3000)
    expect(attempts.of('task_0').asked).toBe('end')
    await attempts.of('task_0').complete({reason: 'killed', signal: 'SIGINT'})
    expect(verdicts(await done)).toEqual(['task_0 timed-out total-timeout', 'task_1 skipped total-timeout'])
  })

  test('on a cancel ends what runs, starts nothing more, and says that it was cancelled; on a second one at once', async () => {
    const {pool, attempts, done} = startPool(createTasks({retry: {...noRetry, times: 3}}, {}), {maxParallel: 1})
    pool.cancel()
    expect(attempts.of('task_0').asked).toBe('end')
    pool.cancel()
    expect(attempts.of('task_0').asked).toBe('kill')
    await attempts.of('task_0').complete({reason: 'killed', signal: 'SIGKILL'})
    const record = await done
    expect(verdicts(record)).toEqual(['task_0 cancelled cancelled', 'task_1 skipped cancelled'])
    expect(record.cancelled).toBe(true)
  })

  test('counts the time of a task only from when it begins, not while its worker boots', async () => {
    const {attempts, done, events} = startPool(createTasks({timeoutMs: 1000}), {}, new CommandedAttempts('when told'))
    jest.advanceTimersByTime(5000)
    expect(attempts.of('task_0').asked).toBe('nothing')
    attempts.of('task_0').onStarted()
    jest.advanceTimersByTime(999)
    await attempts.of('task_0').exit(0)
    const [record] = (await done).tasks
    expect(record?.attempts[0]).toMatchObject({startedAt: 1_005_000, endedAt: 1_005_999, end: {status: 'success'}})
    expect(events.filter(({type}) => type === 'attempt-started')).toMatchObject([{startedAt: 1_005_000}])
  })

  test.each([
    ['its own limit', {timeoutMs: 1000}, {}, () => {}],
    ['that of the run', {}, {totalTimeoutMs: 1000}, () => {}],
    ['a cancel', {}, {}, (pool: Pool) => pool.cancel()]
  ])(
    'counts the time of a task only until it is over, and what it has left is not it: %s comes too late',
    async (_, task, options, then) => {
      const {pool, attempts, done, events} = startPool(createTasks(task), options)
      await settled()
      jest.advanceTimersByTime(900)
      attempts.of('task_0').onOver()
      jest.advanceTimersByTime(4100)
      then(pool)
      await attempts.of('task_0').exit(0)
      const [record] = (await done).tasks
      expect(record?.attempts[0]).toMatchObject({startedAt: 1_000_000, endedAt: 1_000_900, end: {status: 'success'}})
      expect(events.map(({type}) => type)).not.toContain('attempt-ending')
    }
  )

  test('tells a second after a cancel which tasks have not ended yet, and nothing if all have', async () => {
    const {pool, attempts, events, done} = startPool(createTasks({}, {}, {}), {maxParallel: 3})
    pool.cancel()
    await attempts.of('task_1').exit(1)
    await jest.advanceTimersByTimeAsync(1000)
    await attempts.of('task_0').exit(1)
    await attempts.of('task_2').exit(1)
    await done
    const told = events.flatMap(event => (event.type === 'still-ending' ? [event.tasks.map(({id}) => id)] : []))
    expect(told).toEqual([['task_0', 'task_2']])

    const quick = startPool(createTasks({}))
    quick.pool.cancel()
    await quick.attempts.of('task_0').exit(1)
    await quick.done
    await jest.advanceTimersByTimeAsync(5000)
    expect(quick.events.map(({type}) => type)).not.toContain('still-ending')
  })

  test('publishes late output of leftover processes before its own end', async () => {
    const {attempts, events, done} = startPool(createTasks({}))
    const task = attempts.of('task_0').task
    attempts.left = [{task, output: {size: 0, leftOut: 0, wasHeld: true, async *chunks() {}}}]
    await attempts.of('task_0').exit(0)
    await done
    expect(events.slice(-2)).toMatchObject([{type: 'left-output', task}, {type: 'run-ended'}])
  })

  test('skips a task that is ended while its worker boots, without an attempt or an attempt-ending event', async () => {
    const {pool, attempts, done, events} = startPool(createTasks({}, {}), {maxParallel: 1}, new CommandedAttempts('when told'))
    pool.cancel()
    expect(attempts.of('task_0').asked).toBe('end')
    await attempts.of('task_0').complete({reason: 'killed', signal: 'SIGINT'})
    const record = await done
    expect(verdicts(record)).toEqual(['task_0 skipped cancelled', 'task_1 skipped cancelled'])
    expect(record.tasks.map(({attempts}) => attempts.length)).toEqual([0, 0])
    expect(events.map(({type}) => type)).toEqual(['run-started', 'attempt-waiting', 'task-ended', 'task-ended', 'run-ended'])
  })

  test('skips what a failure or the total timeout ends while its worker boots; a task that was tried before keeps its last verdict', async () => {
    const tasks = createTasks({}, {retry: {...noRetry, times: 1}}, {})
    const failed = startPool(tasks, {maxParallel: 3, failFast: 'true'}, new CommandedAttempts('when told'))
    failed.attempts.of('task_1').onStarted()
    await failed.attempts.of('task_1').exit(3)
    jest.advanceTimersByTime(0)
    expect(failed.attempts.of('task_1').number).toBe(2)
    failed.attempts.of('task_0').onStarted()
    await failed.attempts.of('task_0').exit(1)
    for (const id of ['task_1', 'task_2']) await failed.attempts.of(id).complete({reason: 'killed', signal: 'SIGINT'})
    expect(verdicts(await failed.done)).toEqual(['task_0 failure exit-code', 'task_1 failure exit-code', 'task_2 skipped fail-fast'])
    jest.setSystemTime(1_000_000)
    const timed = startPool(createTasks({}), {totalTimeoutMs: 3000}, new CommandedAttempts('when told'))
    jest.advanceTimersByTime(3000)
    await timed.attempts.of('task_0').complete({reason: 'killed', signal: 'SIGINT'})
    expect(verdicts(await timed.done)).toEqual(['task_0 skipped total-timeout'])
  })

  test('gets ready for the next two tasks, but not while a worker still boots for one that waits', async () => {
    const {attempts} = startPool(createTasks({}, {needs: [0]}, {}, {}, {}), {maxParallel: 1}, new CommandedAttempts('when told'))
    expect(attempts.prepared).toEqual([])
    attempts.of('task_0').onStarted()
    expect(attempts.prepared).toEqual(['task_2', 'task_3'])
    await attempts.of('task_0').exit(0)
    expect(attempts.ids).toEqual(['task_1'])
    attempts.of('task_1').onStarted()
    expect(attempts.prepared).toEqual(['task_2', 'task_3'])
  })

  test('gets ready for tasks that wait when none is ready, and for min-parallel from the start', () => {
    const {attempts} = startPool(
      createTasks({}, {needs: [0]}, {needs: [0]}, {needs: [0]}),
      {minParallel: 3},
      new CommandedAttempts('when told')
    )
    expect(attempts.ids).toEqual(['task_0'])
    expect(attempts.prepared).toEqual(['task_1', 'task_2'])
  })

  test('starts no more when no worker can be had, and lets those that run finish', async () => {
    const {attempts, done} = startPool(createTasks({}, {}, {}, {needs: [0], when: 'always'}))
    await attempts.of('task_0').complete({reason: 'no-worker', failedStarts: 3, message: 'it crashed'})
    await attempts.of('task_1').exit(0)
    expect(verdicts(await done)).toEqual([
      'task_0 failure no-worker',
      'task_1 success exit',
      'task_2 skipped no-worker',
      'task_3 skipped no-worker'
    ])
  })

  test('hands a task what those that it needs wrote, directly or not, in declared order', async () => {
    const {attempts} = startPool(createTasks({}, {needs: [0]}, {}, {needs: [2, 1]}), {maxParallel: 2})
    const wrote = (value: string) => ({changes: {...noChanges, outputs: new Map([['key', value]]), env: new Map([['KEY', value]])}})
    await attempts.of('task_2').exit(0, wrote('two'))
    await attempts.of('task_0').exit(0, wrote('zero'))
    await attempts.of('task_1').exit(0, wrote('one'))
    const {inherited} = attempts.of('task_3')
    expect(inherited.changes.map(({env}) => env.get('KEY'))).toEqual(['zero', 'one', 'two'])
    expect(inherited.needs).toEqual(
      new Map([
        [
          'task_2',
          new Map<string, unknown>([
            ['id', 'task_2'],
            ['name', 'task_2'],
            ['result', 'success'],
            ['kept', false],
            ['exitCode', 0n],
            ['error', null],
            ['durationMs', 0n],
            ['outputs', new Map([['key', 'two']])]
          ])
        ],
        [
          'task_1',
          new Map<string, unknown>([
            ['id', 'task_1'],
            ['name', 'task_1'],
            ['result', 'success'],
            ['kept', false],
            ['exitCode', 0n],
            ['error', null],
            ['durationMs', 0n],
            ['outputs', new Map([['key', 'one']])]
          ])
        ]
      ])
    )
  })

  test('frees the output of an attempt only after every reader is done with it', async () => {
    const seen: string[] = []
    let release = () => {}
    const slow = new Promise<void>(resolve => {
      release = resolve
    })
    const stream = new EventStream([
      async event => {
        if (event.type !== 'attempt-ended') return
        await slow
        seen.push('read')
      }
    ])
    const attempts = new CommandedAttempts()
    const options = {
      plan: planOf([]),
      powershells: [],
      maxParallel: 1,
      minParallel: 0,
      failFast: 'false' as const,
      totalTimeoutMs: 0,
      workforce: attempts
    }
    const done = new Pool(createTasks({}), options, stream).run()
    await attempts.of('task_0').exit(0, {output: {...printed(), discard: async () => void seen.push('discarded')}})
    await done
    await settled()
    expect(seen).toEqual([])
    release()
    await stream.drained()
    await settled()
    expect(seen).toEqual(['read', 'discarded'])
  })

  test('keeps to its limit and gives one verdict a task, whatever ends in whatever order', async () => {
    const outcome = fc.constantFrom(0, 0, 1, 'cancel' as const)
    const shape = fc.record({tasks: fc.integer({min: 1, max: 25}), maxParallel: fc.integer({min: 1, max: 6}), times: fc.nat(2)})
    await fc.assert(
      fc.asyncProperty(shape, fc.infiniteStream(fc.tuple(fc.nat(), outcome)), async ({tasks, maxParallel, times}, choices) => {
        const list = createTasks(
          ...Array.from({length: tasks}, (_, i) => ({needs: i % 3 === 2 ? [i - 1] : [], retry: {...noRetry, times}}))
        )
        const {pool, attempts, events, stream, done} = startPool(list, {maxParallel})
        for (; attempts.running.length > 0; await settled()) {
          expect(attempts.running.length).toBeLessThanOrEqual(maxParallel)
          expect(new Set(attempts.running.map(({worker}) => worker)).size).toBe(attempts.running.length)
          const [which, what] = choices.next().value ?? [0, 0]
          if (what === 'cancel') pool.cancel()
          await attempts.running[which % attempts.running.length]?.exit(what === 'cancel' ? 1 : what)
          jest.runOnlyPendingTimers()
        }
        const record = await done
        expect(record.tasks.map(({task}) => task.index)).toEqual(list.map(({index}) => index))
        for (const {verdict, attempts: had} of record.tasks) expect(verdict.status === 'skipped').toBe(had.length === 0)
        await stream.drained()
        expect(events.filter(({type}) => type === 'task-ended').length).toBe(tasks)
      }),
      {numRuns: runs(100)}
    )
  })

  describe('that is broken off', () => {
    const kept = {changes: {...noChanges, outputs: new Map([['a', 'b']])}}
    const ends = ({tasks}: RunRecord) =>
      tasks.map(({verdict, attempts}) => `${verdict.status} ${verdict.reason} ${attempts.at(-1)?.changes.outputs.get('a')}`)

    test('ends what runs, starts nothing more, and keeps what is known; a cancel or another fault changes nothing of that', async () => {
      const tasks = createTasks({}, {retry: {...noRetry, times: 3, delayMs: 1000}}, {}, {when: 'always', needs: [0]})
      const {pool, attempts, done} = startPool(tasks, {maxParallel: 2, totalTimeoutMs: 60_000})
      await attempts.of('task_0').exit(0, kept)
      await attempts.of('task_1').exit(1, kept)
      pool.abort(new TypeError('boom'))
      pool.abort(new TypeError('another'))
      expect(attempts.running.map(({asked}) => asked)).toEqual(['end', 'end'])
      pool.cancel()
      await attempts.of('task_2').exit(1, kept)
      await attempts.of('task_3').exit(0, kept)
      const record = await done
      expect(ends(record)).toEqual(['success exit b', 'failure exit-code b', 'cancelled internal b', 'cancelled internal b'])
      expect(record.limit).toEqual({reason: 'internal', message: expect.stringMatching(/bug of pwsh-pool.*: boom/)})
      expect(jest.getTimerCount()).toBe(0)
    })

    test('stops waiting for tasks whose end is never reported', async () => {
      const {pool, attempts, done} = startPool(createTasks({}, {}, {}), {maxParallel: 2})
      await attempts.of('task_0').exit(0, kept)
      pool.abort(new TypeError('boom'))
      await jest.advanceTimersByTimeAsync(forceFinishAfterMs)
      expect(ends(await done)).toEqual(['success exit b', 'cancelled internal undefined', 'cancelled internal undefined'])
      expect(attempts.running.map(({asked}) => asked)).toEqual(['kill', 'kill'])
    })

    test.each(['claim', 'release', 'settle', 'stop', 'upcoming', 'isStopped'] as const)(
      'has a record of what is known when its own schedule breaks: %s',
      async method => {
        const tasks = createTasks({}, {}, {}, {needs: [0]})
        const {attempts, events, done} = startPool(tasks, {maxParallel: 2, failFast: 'true'})
        await settled()
        const fault = jest.spyOn(Schedule.prototype, method).mockImplementation(() => {
          throw new TypeError('boom')
        })
        try {
          await attempts.of('task_0').exit(1, kept)
          while (attempts.running.length > 0) await attempts.running[0]?.exit(0, kept)
          const record = await done
          expect(record.limit?.reason).toBe('internal')
          expect(record.tasks.map(({task}) => task.index)).toEqual([0, 1, 2, 3])
          expect(ends(record).slice(0, 2)).toEqual(['failure exit-code b', expect.stringMatching(/^cancelled (?:internal|fail-fast) b$/)])
          expect(events.filter(({type}) => type === 'task-ended')).toHaveLength(4)
          expect(events.filter(({type}) => type === 'attempt-ended').length).toBeGreaterThanOrEqual(1)
          expect(events.at(-1)?.type).toBe('run-ended')
        } finally {
          fault.mockRestore()
        }
      }
    )
  })
})
