import {mkdirSync, mkdtempSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from '@jest/globals'
import type {RunRecord} from '../../src/model/event.ts'
import {EventStream} from '../../src/model/event-stream.ts'
import type {OutputListener, OutputStream} from '../../src/model/output-listener.ts'
import type {ProcessEnd} from '../../src/model/process-end.ts'
import type {Task} from '../../src/model/task.ts'
import {noChanges} from '../../src/model/task-changes.ts'
import {AttemptListener} from '../../src/output/attempt-listener.ts'
import type {AttemptRequest} from '../../src/pool/attempt-runner.ts'
import {Pool} from '../../src/pool/pool.ts'
import {processControl} from '../../src/process/process-control.ts'
import {OutputMemory} from '../../src/spool/output-memory.ts'
import {Masker} from '../../src/text/masker.ts'
import type {Assignment, TaskWorker} from '../../src/worker/task-worker.ts'
import {WorkerFolder} from '../../src/worker/worker-folder.ts'
import {StartFailures} from '../../src/workforce/start-failures.ts'
import {type AttemptContext, TaskAttempt} from '../../src/workforce/task-attempt.ts'
import {planOf, powershell} from '../support/create-record.ts'
import {createTasks} from '../support/create-task.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const parent = temporaryFolder()
const boom = () => {
  throw new TypeError('boom')
}
const rejected = () => Promise.reject(new TypeError('boom'))

/** A worker whose task prints a line and succeeds at once, or that is lost before. */
class FakeWorker implements TaskWorker {
  readonly folder: WorkerFolder
  readonly completed: Promise<ProcessEnd>
  readonly calls: string[] = []
  pid = 4711
  hasBegun = false
  bootOutput = ''
  refusal: string | undefined
  setupTimedOut = false
  leftOutput = undefined
  wasReady = true
  #end: (end: ProcessEnd) => void = () => {}

  constructor() {
    this.folder = new WorkerFolder(mkdtempSync(path.join(parent, 'worker-')))
    this.completed = new Promise(resolve => {
      this.#end = resolve
    })
  }

  run({onStarted, onOutput}: Assignment): void {
    setImmediate(async () => {
      this.hasBegun = true
      onStarted()
      await onOutput('stdout', Buffer.from('a line\n'))
      this.#end({reason: 'exited', exitCode: 0})
    })
  }

  end(): void {
    this.calls.push('end')
    this.#end({reason: 'killed', signal: 'SIGINT'})
  }

  kill(): void {
    this.calls.push('kill')
    this.#end({reason: 'killed', signal: 'SIGKILL'})
  }

  leftBehind(): Promise<readonly []> {
    return Promise.resolve([])
  }

  async release(): Promise<void> {
    this.calls.push('release')
    await this.folder.remove()
  }
}

const listener = {
  isRecorded: true,
  receive: () => undefined,
  finish: async () => ({outputs: new Map<string, string>()})
}

/** What of an attempt is made to fail: parts of its context, of what listens to it, of its worker, of its request. */
interface Fault {
  readonly context?: Partial<AttemptContext>
  readonly listener?: Partial<Record<keyof typeof listener, unknown>> | AttemptListener
  readonly worker?: (worker: FakeWorker) => void
  readonly request?: Partial<AttemptRequest>
}

/** Runs two tasks one after the other, of which the first meets the fault. */
async function runWith(fault: Fault, tasks: Task[] = createTasks({}, {})): Promise<{record: RunRecord; workers: FakeWorker[]}> {
  const workers: FakeWorker[] = []
  const contextOf = (isFirst: boolean): AttemptContext => ({
    server: undefined as never,
    control: processControl,
    modules: [],
    setupFile: undefined,
    maxTasksPerWorker: 1,
    onRetired: () => {},
    powershells: new Map([['pwsh', powershell]]),
    environment: {},
    workingDirectory: parent,
    folder: parent,
    startEnvironment: new Map(),
    startFailures: new StartFailures(),
    outputMemory: new OutputMemory(),
    leftovers: 'keep',
    onBooted: () => {},
    onLeft: () => {},
    take: async () => {
      const worker = new FakeWorker()
      workers.push(worker)
      if (isFirst) fault.worker?.(worker)
      return worker
    },
    createListener: (_task, _attempt, record) => {
      const receive = (stream: OutputStream, bytes: Buffer) => record({stream, bytes, isContinued: false, isOpen: false})
      if (!isFirst || fault.listener === undefined) return {...listener, receive: (...received) => void receive(...received)}
      return fault.listener instanceof AttemptListener ? fault.listener : ({...listener, ...fault.listener} as OutputListener)
    },
    ...(isFirst ? fault.context : {})
  })
  const workforce = {
    start: (request: AttemptRequest) => {
      const isFirst = request.task.index === 0
      return new TaskAttempt({...request, ...(isFirst ? fault.request : {})}, contextOf(isFirst))
    },
    prepare: () => {},
    closeLeft: () => []
  }
  const options = {
    plan: planOf(tasks),
    powershells: [],
    maxParallel: 1,
    minParallel: 0,
    failFast: 'false' as const,
    totalTimeoutMs: 0,
    workforce
  }
  const record = await new Pool(tasks, options, new EventStream([])).run()
  return {record, workers}
}

const replace = (name: keyof FakeWorker, value: unknown) => (worker: FakeWorker) => {
  Object.defineProperty(worker, name, {value, configurable: true})
}
const throwing = (name: keyof FakeWorker) => (worker: FakeWorker) => {
  Object.defineProperty(worker, name, {get: boom, set: () => {}, configurable: true})
}

/** Files that cannot be parsed: the platform is what only their reading asks for once the task is over. */
function unparsableFiles(): Fault {
  let isOver = false
  const control = Object.defineProperty({}, 'platform', {get: () => (isOver ? boom() : process.platform)})
  const leftBehind = async () => {
    isOver = true
    return []
  }
  return {context: {control: control as never}, worker: replace('leftBehind', leftBehind)}
}

/** What hears an attempt for a log, with masks that cannot be looked for. */
function brokenMasks(): Fault {
  const masker = Object.assign(new Masker(), {mask: boom, occursIn: boom})
  masker.add('a line')
  const options = {
    isRecorded: true,
    mode: 'forward',
    masker,
    isDebug: false,
    onMask: () => {},
    record: () => {},
    onAnnotations: () => {}
  } as const
  return {listener: new AttemptListener({...options, print: async () => {}})}
}

const faults: readonly (readonly [string, Fault])[] = [
  ['the listener cannot be made', {context: {createListener: boom}}],
  ['no worker can be taken', {context: {take: rejected}}],
  ['a worker is taken and it throws at once', {context: {take: boom}}],
  ['the folder of the worker is unknown', {worker: throwing('folder')}],
  ['the shells are unknown', {context: {powershells: {get: boom, size: 1} as never}}],
  ['the platform is unknown', {context: {control: Object.defineProperty({}, 'platform', {get: boom}) as never}}],
  ['the worker cannot be handed its task', {worker: replace('run', boom)}],
  [
    'the worker breaks',
    {
      worker: worker => replace('completed', rejected())(worker)
    }
  ],
  ['onStarted throws', {request: {onStarted: boom}}],
  ['onOver throws', {request: {onOver: boom}}],
  ['onBooted throws', {context: {onBooted: boom}}],
  ['the listener throws', {listener: {receive: boom}}],
  ['the listener rejects', {listener: {receive: rejected}}],
  ['what it printed cannot be dealt with to its end', {listener: {finish: rejected}}],
  ['what was heard is none', {listener: {finish: boom}}],
  ['what it left behind cannot be listed', {worker: replace('leftBehind', rejected)}],
  ['what it left behind throws', {worker: replace('leftBehind', boom)}],
  ['its worker cannot be released', {worker: replace('release', rejected)}],
  [
    'its folder cannot be removed',
    {worker: worker => replace('folder', new WorkerFolder(mkdtempSync(path.join(parent, 'worker-')), boom))(worker)}
  ],
  ['whether it has begun is unknown', {worker: throwing('hasBegun')}],
  ['leftOutput throws', {worker: throwing('leftOutput')}],
  ['what comes through its pipes later cannot be taken', {worker: replace('leftOutput', {}), context: {onLeft: boom}}],
  ['what it wrote to its files cannot be parsed', unparsableFiles()],
  [
    'what it printed and what it wrote cannot be put together',
    {listener: {finish: async () => ({outputs: {size: 1, [Symbol.iterator]: boom}})}}
  ],
  ['what it asked for is unknown', {listener: {finish: async () => Object.defineProperty({}, 'outputs', {get: boom})}}],
  ['what it printed cannot be masked', brokenMasks()],
  ['counting start failures throws', {context: {startFailures: Object.assign(new StartFailures(), {reset: boom})}}],
  ['the memory for what it prints cannot be counted', {context: {outputMemory: Object.assign(new OutputMemory(), {take: boom})}}]
]

describe('an attempt in which something is thrown', () => {
  const unhandled: unknown[] = []
  const note = (error: unknown) => unhandled.push(error)

  beforeEach(() => {
    unhandled.length = 0
    process.on('unhandledRejection', note)
  })

  afterEach(() => {
    process.off('unhandledRejection', note)
  })

  test.each(faults)('ends with it, and nothing else does: %s', async (_, fault) => {
    const {record, workers} = await runWith(fault)
    expect(record.tasks.map(({verdict}) => verdict)).toMatchObject([
      {status: 'failure', reason: 'internal', message: expect.stringMatching(/^this is a bug of pwsh-pool, .*: boom/)},
      {status: 'success'}
    ])
    const [first] = workers
    if (workers.length === 2) expect(first?.calls.includes('kill') || first?.hasBegun).toBe(true)
    await new Promise(resolve => setImmediate(resolve))
    expect(unhandled).toEqual([])
  })

  test('is no allowed failure', async () => {
    const {record} = await runWith({listener: {receive: boom}}, createTasks({continueOnError: true}, {needs: [0]}))
    expect(record.tasks.map(({verdict}) => verdict.reason)).toEqual(['internal', 'need-did-not-succeed'])
  })

  test('is the failure of its task where the system refused something', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {code: 'ENOSPC', syscall: 'write'})
    const {record} = await runWith({context: {take: () => Promise.reject(full)}})
    expect(record.tasks.map(({verdict}) => verdict)).toMatchObject([{reason: 'not-started', message: full.message}, {status: 'success'}])
  })
})

describe('the cause of a task that has not begun', () => {
  const lost = (set: (worker: FakeWorker) => void) => (worker: FakeWorker) => {
    set(worker)
    worker.run = () => worker.kill()
  }
  const verdicts = (record: RunRecord) => record.tasks.map(({verdict}) => `${verdict.status} ${verdict.reason}`)

  test('is the run’s where three workers in a row were lost before they were ready', async () => {
    const {record, workers} = await runWith({
      worker: lost(worker => {
        worker.wasReady = false
        worker.bootOutput = 'no sign-in'
      })
    })
    expect(workers).toHaveLength(3)
    expect(verdicts(record)).toEqual(['failure no-worker', 'skipped no-worker'])
    expect(record.tasks[0]?.verdict).toMatchObject({
      failedStarts: 3,
      message: 'PowerShell ended 3 times in a row before the task began (SIGKILL): no sign-in'
    })
    expect(record.tasks[1]?.verdict).toEqual({status: 'skipped', reason: 'no-worker', failedStarts: 3, cause: record.tasks[0]?.task})
    expect(record.limit).toEqual({reason: 'no-worker', failedStarts: 3, cause: record.tasks[0]?.task})
  })

  test('is reported by the error of the last start, and its whole text goes where that of setup does', async () => {
    const told: string[] = []
    const {record} = await runWith({
      context: {causeOf: text => text.split('\n').at(-1) ?? '', onStartFailures: text => told.push(text)},
      worker: lost(worker => {
        worker.wasReady = false
        worker.bootOutput = 'signing in\nno sign-in'
      })
    })
    expect(record.tasks[0]?.verdict).toMatchObject({
      message: 'PowerShell ended 3 times in a row before the task began (SIGKILL): no sign-in'
    })
    expect(told).toEqual(['signing in\nno sign-in'])
  })

  test.each([
    ['its worker was ready', {}, true],
    ['its environment needs a PowerShell of its own', {env: new Map([['DOTNET_GCHeapHardLimit', '100000']])}, false]
  ])('is the task after three failed starts if %s', async (_, task, wasReady) => {
    const worker = lost(worker => {
      worker.wasReady = wasReady
    })
    const {record, workers} = await runWith({worker}, createTasks(task, {}))
    expect(workers).toHaveLength(4)
    expect(verdicts(record)).toEqual(['failure not-started', 'success exit'])
    expect(record.tasks[0]?.verdict).toMatchObject({message: 'PowerShell ended 3 times in a row before the task began (SIGKILL)'})
  })

  test('is the task’s at once where the worker says that it cannot prepare itself for it', async () => {
    const worker = lost(worker => {
      worker.refusal = 'the variable is too long'
    })
    const {record, workers} = await runWith({worker})
    expect(workers).toHaveLength(2)
    expect(record.tasks.map(({verdict}) => verdict)).toMatchObject([
      {reason: 'not-started', message: 'the variable is too long'},
      {status: 'success'}
    ])
  })

  test('is the task’s where its folder or its file is gone by then', async () => {
    const folder = path.join(parent, 'made')
    const file = path.join(folder, 'test.ps1')
    const [inFolder, ofFile, fine] = createTasks(
      {workingDirectory: folder},
      {script: {kind: 'file', path: file}},
      {workingDirectory: parent}
    ) as [Task, Task, Task]
    const {record} = await runWith({}, [inFolder, ofFile, fine])
    expect(record.tasks.map(({verdict}) => ('message' in verdict ? verdict.message : verdict.reason))).toEqual([
      `working-directory: there is no folder "${folder}"`,
      `file: there is no file "${file}"`,
      'exit'
    ])
    mkdirSync(folder)
    writeFileSync(file, '')
    expect(verdicts((await runWith({}, [inFolder, ofFile, fine])).record)).toEqual(Array(3).fill('success exit'))
  })

  test('is setup’s where what comes before the task took too long: nothing more is started', async () => {
    const fault = {
      context: {setupTimeoutMs: 300_000},
      worker: lost(worker => {
        worker.setupTimedOut = true
      })
    }
    const {record, workers} = await runWith(fault)
    expect(workers).toHaveLength(1)
    expect(verdicts(record)).toEqual(['skipped setup-timeout', 'skipped setup-timeout'])
    expect(record.limit).toEqual({reason: 'setup-timeout', timeoutMs: 300_000})
    expect(record.tasks.map(({attempts}) => attempts.length)).toEqual([0, 0])
  })

  test('is setup’s for this task alone where its PowerShell was its own', async () => {
    const fault = {
      context: {setupTimeoutMs: 1000},
      worker: lost(worker => {
        worker.setupTimedOut = true
      })
    }
    const {record} = await runWith(fault, createTasks({env: new Map([['HOME', '/nowhere']])}, {}))
    expect(verdicts(record)).toEqual(['skipped setup-timeout', 'success exit'])
    expect(record.limit).toBe(undefined)
  })
})

describe('the files of an attempt', () => {
  /** Runs a task that writes this to its GITHUB_OUTPUT, GITHUB_PATH and GITHUB_STEP_SUMMARY, and then does what `after` says. */
  async function changesAfter(
    output: string,
    after: 'exits with 0' | 'exits with 1' | 'is ended',
    task: Parameters<typeof createTasks>[0] = {}
  ) {
    const worker = (worker: FakeWorker) => {
      const {run} = worker
      worker.run = assignment => {
        const files = new Map(assignment.environment)
        writeFileSync(files.get('GITHUB_OUTPUT') ?? '', output)
        writeFileSync(files.get('GITHUB_PATH') ?? '', '/a\n/usr/lo')
        writeFileSync(files.get('GITHUB_STEP_SUMMARY') ?? '', '# Page\nhalf')
        if (after === 'exits with 0') return run.call(worker, assignment)
        worker.hasBegun = true
        if (after === 'exits with 1') replace('completed', Promise.resolve({reason: 'exited', exitCode: 1}))(worker)
        setImmediate(assignment.onStarted)
      }
    }
    const {record} = await runWith({worker}, createTasks({timeoutMs: after === 'is ended' ? 1 : 0, ...task}, {}))
    const attempt = record.tasks[0]?.attempts.at(-1)
    return {status: record.tasks[0]?.verdict.status, reason: record.tasks[0]?.verdict.reason, changes: attempt?.changes}
  }

  test('that was ended early count as far as they are complete, and the rest is reported', async () => {
    await expect(changesAfter('a=1\nb<<EOF\nha', 'is ended')).resolves.toMatchObject({
      status: 'timed-out',
      changes: {
        outputs: new Map([['a', '1']]),
        paths: ['/a'],
        summary: '# Page\nhalf',
        fileErrors: [
          'GITHUB_OUTPUT line 2: the value of "b" has no end, expected a line that is exactly "EOF"',
          'GITHUB_PATH line 2: "/usr/lo" has no line end, so it may be half of a line'
        ]
      }
    })
  })

  test('that was over in time hold, however long what it has left is looked for', async () => {
    const worker = (worker: FakeWorker) => {
      const {run} = worker
      worker.run = assignment => {
        writeFileSync(new Map(assignment.environment).get('GITHUB_OUTPUT') ?? '', 'a=1\nb=2')
        run.call(worker, assignment)
      }
      // Timers fire in their order: that of the time limit, of one millisecond, would be the first.
      replace('leftBehind', () => new Promise(resolve => setTimeout(() => resolve([]), 20)))(worker)
    }
    const {record} = await runWith({worker}, createTasks({timeoutMs: 1}, {}))
    expect(record.tasks[0]).toMatchObject({
      verdict: {status: 'success'},
      attempts: [{changes: {outputs: new Map(Object.entries({a: '1', b: '2'})), fileErrors: []}}]
    })
  })

  test('that failed by itself hold up to a mistake, as those of a step', async () => {
    await expect(changesAfter('a=1\nb<<EOF\nha', 'exits with 1')).resolves.toMatchObject({
      status: 'failure',
      reason: 'exit-code',
      changes: {
        outputs: new Map([['a', '1']]),
        paths: ['/a', '/usr/lo'],
        fileErrors: ['GITHUB_OUTPUT line 2: the value of "b" has no end, expected a line that is exactly "EOF"']
      }
    })
  })

  test('that succeeded fail it for a mistake, and then nothing of them holds', async () => {
    await expect(changesAfter('a=1\nb<<EOF\nha', 'exits with 0')).resolves.toMatchObject({reason: 'wrong-file', changes: noChanges})
    await expect(changesAfter('a=1\nb=2', 'exits with 0')).resolves.toMatchObject({
      status: 'success',
      changes: {outputs: new Map(Object.entries({a: '1', b: '2'})), paths: ['/a', '/usr/lo'], fileErrors: []}
    })
  })
})
