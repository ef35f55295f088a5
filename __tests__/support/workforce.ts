import {mkdtempSync} from 'node:fs'
import path from 'node:path'
import {afterAll} from '@jest/globals'
import type {Task} from '../../src/model/task.ts'
import type {CompletedAttempt, RunningAttempt} from '../../src/pool/attempt-runner.ts'
import {stepEnvironment} from '../../src/powershell/task-environment.ts'
import {processControl} from '../../src/process/process-control.ts'
import type {RetirementReason} from '../../src/worker/worker-fitness.ts'
import {Workforce, type WorkforceOptions} from '../../src/workforce/workforce.ts'
import {createTask} from './create-task.ts'
import {powershellAtHand} from './powershell.ts'

/** An attempt that is over, with what it printed as text. */
export interface FinishedAttempt extends CompletedAttempt {
  readonly text: string
  readonly bytes: Buffer
}

/** A real workforce on the PowerShell at hand. */
export interface TestWorkforce {
  readonly workforce: Workforce
  /** What modules and setup printed. */
  readonly booted: string[]
  /** Why warm workers were replaced. */
  readonly retired: RetirementReason[]
  /** Starts a task; `started` resolves when it has begun. */
  start(task: Task): {readonly running: RunningAttempt; readonly started: Promise<void>; readonly finished: Promise<FinishedAttempt>}
  /** Runs script text to its end. */
  run(text: string, overrides?: Parameters<typeof createTask>[0]): Promise<FinishedAttempt>
}

/** Gives `test` a workforce in a folder of its own below `parent`, and closes it afterwards. */
export async function withWorkforce(
  parent: string,
  overrides: Partial<WorkforceOptions>,
  test: (workforce: TestWorkforce) => Promise<void>
): Promise<void> {
  const workforce = await openWorkforce(parent, overrides)
  try {
    await test(workforce)
  } finally {
    await workforce.workforce.close()
  }
}

/**
 * A workforce for several tests of the calling file, closed after its last one: a test finds the workers that are left of those before it, and `booted` and
 * `retired` empty. For tests that ask for a worker and not for a new one.
 */
export function sharedWorkforce(parent: string, overrides: Partial<WorkforceOptions> = {}): () => Promise<TestWorkforce> {
  let shared: Promise<TestWorkforce> | undefined
  afterAll(async () => (await shared)?.workforce.close())
  return async () => {
    shared ??= openWorkforce(parent, overrides)
    const workforce = await shared
    workforce.booted.length = 0
    workforce.retired.length = 0
    return workforce
  }
}

async function openWorkforce(parent: string, overrides: Partial<WorkforceOptions>): Promise<TestWorkforce> {
  const booted: string[] = []
  const retired: RetirementReason[] = []
  const workforce = await Workforce.start({
    powershells: new Map([['pwsh', await powershellAtHand()]]),
    environment: stepEnvironment(process.env),
    workingDirectory: parent,
    modules: [],
    setup: '',
    leftovers: 'keep',
    maxParallel: 4,
    processors: 2,
    minParallel: 0,
    maxTasksPerWorker: 500,
    onRetired: (_, because) => retired.push(because),
    folder: mkdtempSync(path.join(parent, 'workforce-')),
    control: processControl,
    onBooted: text => booted.push(text),
    ...overrides
  })
  const start: TestWorkforce['start'] = task => {
    let onStarted = () => {}
    const started = new Promise<void>(resolve => {
      onStarted = resolve
    })
    const inherited = {changes: [], needs: undefined}
    const running = workforce.start({
      task,
      number: 1,
      worker: 0,
      lockSlots: new Map(task.locks.map(lock => [lock, 0])),
      inherited,
      onStarted,
      onOver: () => {}
    })
    return {running, started, finished: running.completed.then(withText)}
  }
  return {
    workforce,
    booted,
    retired,
    start,
    run: (text, task) => start(createTask({script: {kind: 'run', text}, workingDirectory: parent, ...task})).finished
  }
}

async function withText(completed: CompletedAttempt): Promise<FinishedAttempt> {
  const parts: Buffer[] = []
  for await (const some of completed.output.parts()) parts.push(...some.map(({bytes}) => bytes))
  await completed.output.discard()
  const bytes = Buffer.concat(parts)
  return {...completed, bytes, text: bytes.toString().replaceAll('\r\n', '\n')}
}
