import {readFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {createRunView} from '../../src/cli/run-view.ts'
import {colorsFor} from '../../src/cli/terminal/colors.ts'
import {loadSettings} from '../../src/inputs/load-settings.ts'
import {attemptLogs} from '../../src/log/attempt-logs.ts'
import {workflowMarkup} from '../../src/log/log-markup.ts'
import {createTaskLog} from '../../src/log/task-log.ts'
import type {PoolEvent, RecordedOutput} from '../../src/model/event.ts'
import {EventStream} from '../../src/model/event-stream.ts'
import type {Task} from '../../src/model/task.ts'
import {showOutput} from '../../src/output/shown-lines.ts'
import {collectFailureTails} from '../../src/report/failure-tails.ts'
import {Masker} from '../../src/text/masker.ts'
import {createRecord, exited, planOf, powershell, printed, ranFor} from '../support/create-record.ts'
import {createTasks} from '../support/create-task.ts'
import {HeadlessTerminal} from '../support/headless-terminal.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const loaded = loadSettings({read: () => '', list: {kind: 'inline', source: 'tasks', text: ''}, workspace: folder, processors: 2})
if (!loaded.ok) throw new Error('no settings')
const settings = loaded.value

const tasks = createTasks({name: 'torn'}, {name: 'whole'})
const [torn, whole] = tasks as [Task, Task]
const record = createRecord(
  tasks.map(task => ranFor(task, [{ms: 1000, end: exited(1)}])),
  {ms: 2000}
)

/** An output that breaks after its first line. */
const breaking: RecordedOutput = {
  ...printed('first\nsecond\n'),
  async *parts() {
    yield* printed('first\n').parts()
    throw new TypeError('boom')
  }
}

const ended = (task: Task, output: RecordedOutput): PoolEvent => {
  const [attempt] = record.tasks[task.index]?.attempts ?? []
  if (attempt === undefined) throw new Error('no attempt')
  return {type: 'attempt-ended', task, attempt, output, retryInMs: undefined}
}

/** A run of two failures, of which the first has an output that breaks while it is read. */
const events: readonly PoolEvent[] = [
  {type: 'run-started', plan: planOf(tasks), tasks, powershells: [powershell], maxParallel: 1},
  ended(torn, breaking),
  {type: 'attempt-started', task: whole, number: 1, worker: 0, startedAt: Date.now()},
  ended(whole, printed('all\nof it\n')),
  ...record.tasks.map(task => ({type: 'task-ended', record: task}) as const),
  {type: 'run-ended', record}
]

const tell = (stream: EventStream) => Promise.all(events.map(event => stream.publish(event)))

describe('an output that breaks while it is read', () => {
  test('ends its block of the log, and the others are as ever', async () => {
    let text = ''
    const write = async (more: string | Uint8Array) => {
      text += Buffer.from(more).toString()
    }
    const {readers, tails} = createTaskLog({...settings, annotations: false}, {write, markup: workflowMarkup, isDebug: false})
    const stream = new EventStream(readers)
    await tell(stream)
    await expect(stream.drained()).rejects.toThrow('boom')
    const marks = text.split('\n').filter(line => /^::(end)?group::|^(all|of it)$/.test(line))
    expect(marks.slice(0, 5)).toEqual([
      expect.stringMatching(/^::group::.*torn/),
      '::endgroup::',
      expect.stringMatching(/^::group::.*whole/),
      'all',
      'of it'
    ])
    expect(text.split('::group::')).toHaveLength(text.split('::endgroup::').length)
    expect(text).toContain('2 failed')
    expect(tails.get(whole)).toEqual(['all', 'of it'])
  })

  test('does not hold up the view of a terminal', async () => {
    const terminal = new HeadlessTerminal(60, 12)
    const view = createRunView(
      {...settings, annotations: false},
      {write: terminal.write, colors: colorsFor(false), terminal: terminal.stream, isDebug: false}
    )
    const stream = new EventStream(view.readers)
    for (const event of events.slice(0, 3)) await stream.publish(event)
    // The view is drawn anew where the size of the terminal changes.
    await terminal.resize(50, 12)
    expect((await terminal.lines()).join('\n')).toContain('▸ whole')
    for (const event of events.slice(3)) await stream.publish(event)
    await expect(stream.drained()).rejects.toThrow('boom')
    expect((await terminal.lines()).join('\n')).toMatch(/✗ whole .*\n {4}all\n {4}of it\n[\s\S]*2 failed/)
  })

  test('costs the tails of no other task', async () => {
    const {read, tails} = collectFailureTails(({output}) =>
      showOutput({mode: 'forward', masker: new Masker(), isDebug: false, onMask: () => {}})(output)
    )
    const stream = new EventStream([read])
    await tell(stream)
    await expect(stream.drained()).rejects.toThrow('boom')
    expect([...tails]).toEqual([[whole, ['all', 'of it']]])
  })

  test('is a bug for the logs folder too, where what the system refuses is a warning, and the other logs are written', async () => {
    const target = path.join(folder, 'logs')
    const warnings: string[] = []
    const stream = new EventStream([
      attemptLogs(target, new Masker(), async text => {
        warnings.push(text)
      })
    ])
    await tell(stream)
    await expect(stream.drained()).rejects.toThrow('boom')
    expect(warnings).toEqual([])
    expect(readFileSync(path.join(target, '2-task_1.1.log'), 'utf8')).toBe('all\nof it\n')
  })
})
