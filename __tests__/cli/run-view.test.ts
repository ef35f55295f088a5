import {beforeEach, describe, expect, test} from '@jest/globals'
import {createRunView} from '../../src/cli/run-view.ts'
import {colorsFor} from '../../src/cli/terminal/colors.ts'
import {loadSettings} from '../../src/inputs/load-settings.ts'
import type {TaskLog} from '../../src/log/task-log.ts'
import type {AttemptEnd, PoolEvent} from '../../src/model/event.ts'
import type {Task} from '../../src/model/task.ts'
import {createRecord, exited, planOf, powershell, printed, ranFor, succeeded} from '../support/create-record.ts'
import {createTasks} from '../support/create-task.ts'
import {HeadlessTerminal} from '../support/headless-terminal.ts'

const loaded = loadSettings({read: () => '', list: {kind: 'inline', source: 'tasks', text: ''}, workspace: '/', processors: 2})
if (!loaded.ok) throw new Error('no settings')
const settings = {...loaded.value, annotations: false}

const [good, bad] = createTasks(
  {name: 'good'},
  {name: 'bad', retry: {times: 1, delayMs: 0, backoff: 1, maxDelayMs: 0, jitter: false, on: undefined, not: []}}
) as [Task, Task]

describe('a run in a terminal', () => {
  let terminal: HeadlessTerminal
  let view: TaskLog
  const tell = async (event: PoolEvent) => {
    for (const read of view.readers) await read(event)
  }
  const begin = (task: Task) => tell({type: 'attempt-started', task, number: 1, worker: 0, startedAt: Date.now()})
  const say = async (task: Task, text: string) => {
    await view.createListener(task, 1, () => {}).receive('stdout', Buffer.from(text))
  }
  const end = (task: Task, attemptEnd: AttemptEnd, output: string, retryInMs?: number) => {
    const [attempt] = ranFor(task, [{ms: 1000, end: attemptEnd}]).attempts
    if (attempt === undefined) throw new Error('no attempt')
    return tell({type: 'attempt-ended', task, attempt, output: printed(output), retryInMs})
  }
  const record = createRecord([ranFor(good, [{ms: 1000, end: succeeded}]), ranFor(bad, [{ms: 1000, end: exited(3)}])], {ms: 2000})
  const finish = async () => {
    for (const task of record.tasks) await tell({type: 'task-ended', record: task})
    await tell({type: 'run-ended', record})
  }

  beforeEach(async () => {
    terminal = new HeadlessTerminal(60, 12)
    view = createRunView(settings, {write: terminal.write, colors: colorsFor(false), terminal: terminal.stream, isDebug: false})
    await tell({type: 'run-started', plan: planOf([good, bad]), tasks: [good, bad], powershells: [powershell], maxParallel: 2})
  })

  test('prints the end of the script that makes the list, whole', async () => {
    const before = await terminal.lines()
    const [attempt] = ranFor(good, [{ms: 1000, end: succeeded}]).attempts
    if (attempt === undefined) throw new Error('no attempt')
    for (const read of view.listReaders)
      await read({type: 'attempt-ended', task: good, attempt, output: printed('making it\n'), retryInMs: undefined})
    expect((await terminal.lines()).join('\n')).toContain('✓ good (1.0 s)\n    making it')
    expect(before.join('\n')).not.toContain('making it')
  })

  test('shows what runs with its last line, failures whole above it, and a table at the end', async () => {
    await begin(good)
    await begin(bad)
    await say(good, 'half of it\n\u001B[2Jall \u001B[31mof it\n')
    await end(bad, exited(3), 'first\nsecond\n')
    expect((await terminal.lines()).slice(0, -1)).toEqual([
      'pwsh-pool: 2 tasks, 2 at a time, pwsh 7.6.5, isolation process',
      '✗ bad · exit code 3 (1.0 s, attempt 1 of 2)',
      '    first',
      '    second',
      '▸ good  0:00  all of it'
    ])
    await end(good, succeeded, 'half of it\nall of it\n')
    await finish()
    expect((await terminal.lines()).slice(4)).toEqual([
      '',
      '✓ good  1.0 s',
      '✗ bad   1.0 s  exit code 3 · attempt 1 of 2',
      '',
      '1 succeeded, 1 failed in 2.0 s (sum of tasks 2.0 s, speed-up 1.0x)'
    ])
  })

  test('says that an attempt is followed by another one', async () => {
    await begin(bad)
    await end(bad, exited(3), 'no\n', 500)
    expect(await terminal.lines()).toContain('↻ bad · attempt 1 of 2: exit code 3; again in 500 ms')
    await finish()
  })

  test('lets no task change the screen, or say what another one has declared a secret', async () => {
    await begin(good)
    await say(good, '::add-mask::s3cret\nnow s3cret\n')
    await begin(bad)
    await say(bad, 'knows s3cret\n')
    await end(bad, exited(1), '\u001B[?25l\u001B[2Js3cret\u001B]0;title\u0007\n')
    const lines = await terminal.lines()
    expect(lines).toContain('    ***')
    expect(lines.join('\n')).not.toContain('s3cret')
    expect(terminal.written).not.toContain('\u001B[2J')
    expect(terminal.written).not.toContain('\u001B]0')
    expect(await terminal.isCursorShown()).toBe(true)
    await finish()
  })

  test('shows what setup prints once, and what a task leaves running', async () => {
    await tell({type: 'worker-booted', text: 'ready'})
    const [attempt] = ranFor(good, [{ms: 1, end: succeeded}]).attempts
    if (attempt === undefined) throw new Error('no attempt')
    const left = [{pid: 7, name: 'node', isEnded: false}]
    await tell({type: 'attempt-ended', task: good, attempt: {...attempt, left}, output: printed('hidden\n'), retryInMs: undefined})
    const lines = await terminal.lines()
    expect(lines.slice(1, 4)).toEqual(['modules and setup', '    ready', 'good · left running: node (7)'])
    expect(lines.join('\n')).not.toContain('hidden')
    await finish()
  })
})
