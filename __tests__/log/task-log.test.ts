import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {workflowMarkup} from '../../src/log/log-markup.ts'
import {createTaskLog, type TaskLog, type TaskLogSettings} from '../../src/log/task-log.ts'
import type {AttemptEnd} from '../../src/model/event.ts'
import type {CreateListener, OutputListener} from '../../src/model/output-listener.ts'
import type {Task} from '../../src/model/task.ts'
import {noChanges} from '../../src/model/task-changes.ts'
import {type AttemptOutput, TaskOutput} from '../../src/spool/task-output.ts'
import {UnrecordedOutput} from '../../src/spool/unrecorded-output.ts'
import {anyText} from '../support/any-text.ts'
import {createRecord, exited, planOf, powershell, ranFor, succeeded} from '../support/create-record.ts'
import {createTask} from '../support/create-task.ts'
import {runnerView} from '../support/runner-view.ts'
import {runs} from '../support/runs.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const taskCount = 3

/** One thing that happens: a task prints a chunk. */
interface Print {
  readonly task: number
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
  /** Whether what is to be done about it is done before the next thing happens. */
  readonly isAwaited: boolean
}

interface Scene {
  readonly settings: TaskLogSettings
  readonly prints: readonly Print[]
  readonly ends: readonly AttemptEnd[]
}

const names = [
  'error',
  'warning',
  'NOTICE',
  'group',
  'endgroup',
  'set-output name=o',
  'set-env name=E',
  'add-path',
  'echo',
  'save-state name=s'
]
const moreNames = [
  'debug',
  'add-matcher',
  'remove-matcher',
  'stop-commands',
  'add-mask',
  'Add-Mask',
  'token',
  'unknown',
  'error file=a,line=1'
]
const secrets = Array.from({length: 4}, (_, i) => `s3cr%t-${i};`)
const data = fc.constantFrom(
  ...secrets.map(secret => secret.replaceAll('%', '%25')),
  ...secrets,
  'on',
  'token',
  '',
  'x::y',
  '##[error]',
  'TAG'
)
const lineEnd = fc.constantFrom('\n', '\n', '\n', '\r\n', '\r', '')
const name = fc.constantFrom(...names, ...moreNames)
const line = fc.oneof(
  fc
    .tuple(fc.constantFrom('', '', ' ', '\t', '\u0085', '\u200b'), name, data)
    .map(([space, command, text]) => `${space}::${command}::${text}`),
  fc.tuple(fc.constantFrom('', 'text ', '::'), name, data).map(([before, command, text]) => `${before}##[${command}]${text}`),
  fc.tuple(data, anyText({maxLength: 4})).map(([text, noise]) => `TAG ${text} ${noise}`),
  fc.constantFrom('::', '##[', ':', '#', ']')
)
const printed = fc
  .array(
    fc.tuple(line, lineEnd).map(parts => parts.join('')),
    {maxLength: 4}
  )
  .map(lines => lines.join(''))
const scene: fc.Arbitrary<Scene> = fc.record({
  settings: fc.record({
    log: fc.constantFrom('grouped', 'live'),
    heartbeatMs: fc.constant(0),
    logs: fc.constant(undefined),
    annotations: fc.boolean(),
    workflowCommands: fc.constantFrom('forward', 'ignore'),
    workspace: fc.constant('/repo')
  }),
  prints: fc.array(
    fc.record({
      task: fc.nat({max: taskCount - 1}),
      stream: fc.constantFrom('stdout', 'stderr'),
      text: printed,
      isAwaited: fc.boolean()
    }),
    {maxLength: 12}
  ),
  ends: fc.array(fc.constantFrom(succeeded, exited(1)), {minLength: taskCount, maxLength: taskCount})
})

/** What was written, and, of each value that was masked in the end, how much had been written when it was heard. */
interface Outcome {
  readonly text: string
  readonly announced: ReadonlyMap<string, number>
}

/** Plays a scene: what is printed is heard and recorded as by the pool, and after its last words each task ends. */
async function play({settings, prints, ends}: Scene): Promise<Outcome> {
  let text = ''
  const write = async (more: string | Uint8Array) => {
    text += more.toString()
    await Promise.resolve()
  }
  const log = createTaskLog(settings, {write, markup: workflowMarkup, isDebug: false})
  const announced = new Map<string, number>()
  const note = () => {
    for (const secret of secrets) if (!announced.has(secret) && log.mask(secret) === '***') announced.set(secret, text.length)
  }
  const tasks = ends.map((_, index) => createTask({index, id: `task_${index}`}))
  const attempts = tasks.map(task => begin(log.createListener, task))
  const pending: Promise<unknown>[] = []
  await tell(log, {type: 'run-started', plan: planOf(tasks), tasks, powershells: [powershell], maxParallel: taskCount})
  for (const [i, {task: at, stream, text: chunk, isAwaited}] of prints.entries()) {
    const attempt = attempts[at]
    if (attempt === undefined) continue
    const bytes = Buffer.from(chunk.replaceAll('TAG', `<task_${at}>`))
    const heard = attempt.listener.receive(stream, bytes)
    note()
    if (isAwaited) await heard
    const isLast = prints.findLastIndex(print => print.task === at) === i
    if (isLast) pending.push(end(log, attempt, ends[at] ?? succeeded, note))
  }
  await Promise.all(pending)
  const records = tasks.map((task, i) => ranFor(task, [{ms: 1, end: ends[i] ?? succeeded}]))
  await tell(log, {type: 'run-ended', record: createRecord(records)})
  return {text, announced}
}

type Attempt = {readonly task: Task; readonly listener: OutputListener; readonly output: AttemptOutput}

function begin(createListener: CreateListener, task: Task): Attempt {
  const listener = createListener(task, 1, part => output.add(part))
  const output = listener.isRecorded ? new TaskOutput({file: path.join(folder, `output-${task.index}`)}) : new UnrecordedOutput()
  return {task, listener, output}
}

let last: Promise<unknown> = Promise.resolve()

async function end(log: TaskLog, {task, listener, output}: Attempt, how: AttemptEnd, note: () => void): Promise<void> {
  await listener.finish()
  output.finish()
  note()
  const attempt = {number: 1, worker: task.index, startedAt: 0, endedAt: 1, end: how, changes: noChanges, left: []}
  last = last.then(() => tell(log, {type: 'attempt-ended', task, attempt, output, retryInMs: undefined}))
  await last
}

async function tell(log: TaskLog, event: Parameters<TaskLog['readers'][number]>[0]): Promise<void> {
  for (const read of log.readers) await read(event)
}

describe('the log of a run in which tasks print anything', () => {
  const isAnnotation = ({name: command}: {name: string}) => ['error', 'warning', 'notice'].includes(command)
  const allowed = ({settings}: Scene) => [
    ...(settings.log === 'grouped' ? ['group', 'endgroup'] : []),
    ...(settings.annotations ? ['error', 'warning', 'notice'] : []),
    ...(settings.workflowCommands === 'forward' ? ['add-mask'] : [])
  ]

  test('is to the runner what it is meant to be: no forbidden command, no value that was announced, every line with its task', async () => {
    await fc.assert(
      fc.asyncProperty(scene, async played => {
        const {text, announced} = await play(played)
        const view = runnerView(text)
        const executed = view.executed.map(command => command.name)
        expect(executed.filter(command => !allowed(played).includes(command))).toEqual([])
        expect([view.hasTornGroups, view.isStopped, view.hasFailed, view.outputs.size]).toEqual([false, false, false, 0])
        for (const [secret, at] of announced) {
          const after = text.slice(at).replace(/^::add-mask::.*$/gm, '')
          expect(after).not.toContain(secret)
          expect(
            view.executed
              .filter(isAnnotation)
              .flatMap(({data: said, properties}) => [said, ...Object.values(properties)])
              .join('\n')
          ).not.toContain(secret)
        }
        for (const stored of view.text) {
          const owner = /task_\d/.exec(played.settings.log === 'live' ? stored.text : (stored.group ?? ''))?.[0]
          const tags = [...stored.text.matchAll(/<(task_\d)>/g)].map(match => match[1])
          if (owner !== undefined && !stored.text.startsWith('    ')) expect(tags.filter(tag => tag !== owner)).toEqual([])
        }
      }),
      {numRuns: runs(300)}
    )
  })

  test.each(['grouped', 'live'] as const)('shows nothing of a value that the other stream interrupts in a long line, %s', async log => {
    const settings: TaskLogSettings = {
      workspace: '/repo',
      log,
      heartbeatMs: 0,
      logs: undefined,
      annotations: true,
      workflowCommands: 'ignore'
    }
    const print = (stream: Print['stream'], text: string): Print => ({task: 0, stream, text, isAwaited: true})
    const prints = [
      print('stdout', `::add-mask::${secrets[0]}\n`),
      print('stdout', `${'x '.repeat(40_000)}${secrets[0]?.slice(0, 6)}`),
      print('stderr', 'interrupts\n'),
      print('stdout', `${secrets[0]?.slice(6)} after\n`)
    ]
    const {text} = await play({settings, prints, ends: [succeeded]})
    expect(text.match(/interrupts|s3cr|-0;|\*\*\* after/g)).toEqual(['interrupts', '*** after'])
  })
})

describe('what is shown live', () => {
  const settings: TaskLogSettings = {
    workspace: '/repo',
    log: 'live',
    heartbeatMs: 0,
    logs: undefined,
    annotations: false,
    workflowCommands: 'forward'
  }
  const lines = Array.from({length: 5000}, (_, i) => `line ${i} of the output`)
  const prints = [`${lines.join('\n')}\n`, '::add-mask::4998\n::error::the end'].map(text => ({
    task: 0,
    stream: 'stdout' as const,
    text,
    isAwaited: true
  }))

  test('is not recorded, and the end of it is shown again for a task that failed', async () => {
    const {text} = await play({settings, prints, ends: [exited(3)]})
    const endSection = text.slice(text.lastIndexOf('\n✗'))
    expect(endSection).toContain(
      '    line 4997 of the output\n    line *** of the output\n    line 4999 of the output\n    Error: the end\n'
    )
    expect(endSection).not.toContain('line 4979 ')
  })

  test('is recorded where complete logs are asked for', () => {
    const log = (logs: string | undefined) =>
      createTaskLog({...settings, logs}, {write: async () => {}, markup: workflowMarkup, isDebug: false})
    expect([folder, undefined].map(logs => log(logs).createListener(createTask(), 1, () => {}).isRecorded)).toEqual([true, false])
  })
})
