import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {type LogMarkup, workflowMarkup} from '../../src/log/log-markup.ts'
import {createTaskLog, type TaskLogSettings} from '../../src/log/task-log.ts'
import type {AttemptEnded, PoolEvent, RecordedOutput, TaskRecord, UnreadOutput} from '../../src/model/event.ts'
import type {CreateListener, OutputPart} from '../../src/model/output-listener.ts'
import {noRetry} from '../../src/model/settings.ts'
import type {Task} from '../../src/model/task.ts'
import {pipesClosed} from '../../src/report/wording.ts'
import {anyText} from '../support/any-text.ts'
import {createRecord, exited, powershell, printed, ranFor, skippedBecause, succeeded} from '../support/create-record.ts'
import {createTask, createTasks} from '../support/create-task.ts'
import {runnerCommand, runnerLines} from '../support/runner-commands.ts'
import {runs} from '../support/runs.ts'

type PrintedOutput = RecordedOutput & UnreadOutput

interface Printed {
  readonly record: TaskRecord
  /** One for each attempt. */
  readonly outputs: readonly PrintedOutput[]
}

const plain: TaskLogSettings = {
  workspace: '/repo',
  log: 'grouped',
  heartbeatMs: 0,
  logs: undefined,
  annotations: true,
  workflowCommands: 'forward'
}

type Overrides = Parameters<typeof createRecord>[1] & {
  settings?: Partial<TaskLogSettings>
  isDebug?: boolean
  markup?: LogMarkup
  before?: readonly PoolEvent[]
}

/** The whole log of a run of these tasks. */
async function logOf(tasks: readonly Printed[], overrides: Overrides = {}): Promise<string> {
  let text = ''
  const write = async (more: string | Uint8Array) => {
    text += more.toString()
  }
  const log = createTaskLog(
    {...plain, ...overrides.settings},
    {write, markup: overrides.markup ?? workflowMarkup, isDebug: overrides.isDebug ?? false}
  )
  const record = createRecord(
    tasks.map(task => task.record),
    overrides
  )
  const events: PoolEvent[] = [
    {
      type: 'run-started',
      plan: record.plan,
      tasks: record.tasks.map(({task}) => task),
      powershells: record.powershells,
      maxParallel: record.maxParallel
    },
    ...(overrides.before ?? []),
    ...tasks.flatMap(eventsOf),
    {type: 'run-ended', record}
  ]
  for (const event of events) {
    const told = event.type === 'attempt-ended' ? {...event, output: await heardBy(log.createListener, event)} : event
    for (const read of log.readers) await read(told)
  }
  return text
}

/** What an attempt has printed, as it was heard. */
async function heardBy(createListener: CreateListener, {task, attempt, output}: AttemptEnded): Promise<RecordedOutput> {
  const heard: OutputPart[] = []
  const listener = createListener(task, attempt.number, part => heard.push({...part, bytes: Buffer.from(part.bytes)}))
  for await (const chunk of (output as PrintedOutput).chunks()) await listener.receive('stdout', Buffer.from(chunk))
  await listener.finish()
  return {
    size: output.size,
    async *parts() {
      yield heard
    }
  }
}

function eventsOf({record, outputs}: Printed): PoolEvent[] {
  const {task, attempts} = record
  const ended = attempts.map((attempt, i): PoolEvent => {
    const retryInMs = i < attempts.length - 1 ? task.retry.delayMs : undefined
    return {type: 'attempt-ended', task, attempt, output: outputs[i] ?? printed(), retryInMs}
  })
  return [...ended, {type: 'task-ended', record}]
}

describe('stepLog', () => {
  test('reads as the contract shows', async () => {
    const retry = {...noRetry, times: 1}
    const [build, unit, deploy] = [createTask({id: 'build'}), createTask({id: 'test', retry}), createTask({id: 'deploy'})]
    const text = await logOf(
      [
        {record: ranFor(build, [{ms: 3200, end: succeeded}]), outputs: [printed('compiling\ndone\n')]},
        {
          record: ranFor(unit, [
            {ms: 100, end: exited(3)},
            {ms: 41_000, end: exited(3)}
          ]),
          outputs: [printed('no\n'), printed('expected 1\nbut got 2')]
        },
        {record: skippedBecause(deploy, {status: 'skipped', reason: 'need-did-not-succeed', need: unit}), outputs: []}
      ],
      {ms: 44_300}
    )
    expect(text).toBe(`pwsh-pool: 3 tasks, 2 at a time, pwsh 7.6.5, isolation process
::group::✓ build (3.2 s)
compiling
done
::endgroup::
::group::✗ test · exit code 3 (0.1 s, attempt 1 of 2)
no
::endgroup::
↻ test · attempt 1 of 2: exit code 3; again at once
::group::✗ test · exit code 3 (41.0 s, attempt 2 of 2)
expected 1
but got 2
::endgroup::
::group::⊘ deploy · skipped: test did not succeed
::endgroup::

Failed: 1 of 3
✗ test · exit code 3 · 41.1 s · attempt 2 of 2
    expected 1
    but got 2
::error title=test::exit code 3
1 succeeded, 1 failed, 1 skipped in 44.3 s (sum of tasks 44.3 s, speed-up 1.0x)
`)
  })

  test('shows the last 20 lines of a failed task again, and none of one that succeeded', async () => {
    const [bad, good] = createTasks({}, {})
    const lines = Array.from({length: 50}, (_, i) => `line ${i}`).join('\n')
    const text = await logOf([
      {record: ranFor(bad ?? createTask(), [{ms: 1, end: exited(1)}]), outputs: [printed(lines)]},
      {record: ranFor(good ?? createTask(), [{ms: 1, end: succeeded}]), outputs: [printed(lines)]}
    ])
    expect(text.split('\n').filter(line => line.startsWith('    line'))).toEqual(Array.from({length: 20}, (_, i) => `    line ${i + 30}`))
  })

  test('tells what was not started because the run was stopped in one line for each reason, and what a need kept from it by name', async () => {
    const [lint, deploy, ...rest] = createTasks(...Array.from({length: 300}, (_, i) => ({name: ['lint', 'deploy'][i] ?? `t${i}`})))
    if (lint === undefined || deploy === undefined) throw new Error('no tasks')
    const text = await logOf(
      [
        {record: ranFor(lint, [{ms: 100, end: {status: 'cancelled', reason: 'cancelled'}}]), outputs: []},
        {record: skippedBecause(deploy, {status: 'skipped', reason: 'need-did-not-succeed', need: lint}), outputs: []},
        ...rest.map(task => ({record: skippedBecause(task, {status: 'skipped', reason: 'cancelled'}), outputs: []}))
      ],
      {cancelled: true}
    )
    expect(text).toBe(`pwsh-pool: 300 tasks, 2 at a time, pwsh 7.6.5, isolation process
::group::⊘ lint · cancelled (0.1 s)
::endgroup::
::group::⊘ deploy · skipped: lint did not succeed
::endgroup::
298 tasks not started: the run was cancelled
1 cancelled, 299 skipped in 1.0 s (sum of tasks 0.1 s)
`)
    const failedFast = rest.map(task => ({
      record: skippedBecause(task, {status: 'skipped', reason: 'fail-fast', cause: lint}),
      outputs: []
    }))
    expect(await logOf(failedFast, {settings: {log: 'live'}})).toContain(
      'isolation process\n298 tasks not started: lint failed\n298 skipped in '
    )
    const overTime = rest.map(task => ({
      record: skippedBecause(task, {status: 'skipped', reason: 'total-timeout', timeoutMs: 6000}),
      outputs: []
    }))
    expect(await logOf(overTime, {limit: {reason: 'total-timeout', timeoutMs: 6000}, settings: {annotations: false}})).toContain(
      'isolation process\n298 tasks not started\n\n✗ the run was stopped: the total timeout of 6 s was over\n298 skipped in '
    )
  })

  test('names an allowed failure as allowed and gives no error for it', async () => {
    const task = createTask({id: 'lint', continueOnError: true})
    const text = await logOf([{record: ranFor(task, [{ms: 100, end: exited(1)}]), outputs: [printed('meh\n')]}])
    expect(text).toContain('::group::✗ lint · exit code 1 · allowed (0.1 s)\n')
    expect(text).not.toContain('::error')
    expect(text).toContain('1 failed (allowed) in 1.0 s')
  })

  test('gives at most ten errors, the last of which counts the rest', async () => {
    const tasks = createTasks(...Array.from({length: 25}, () => ({})))
    const text = await logOf(tasks.map(task => ({record: ranFor(task, [{ms: 1, end: exited(1)}]), outputs: []})))
    const errors = runnerLines(text)
      .map(line => runnerCommand(line))
      .filter(command => command?.name === 'error')
    expect(errors).toHaveLength(10)
    expect(errors.at(-1)?.data).toBe('16 more tasks failed; the log and the summary name them')
    expect(text).toContain('✗ task_24 · exit code 1')
  })

  test('lets nothing that a task is called or prints be a command, where none of its lines is to be heeded', async () => {
    const part = fc.oneof(fc.constantFrom('::error::', '##[add-mask]x', '::endgroup::', '\n', '\r', ' ', '\u0085', '::'), anyText())
    const word = fc.array(part).map(parts => parts.join(''))
    await fc.assert(
      fc.asyncProperty(word, word, async (output, name) => {
        const task = createTask({name: `n${name.replace(/[\p{Cc}\u2028\u2029]/gu, ' ')}`})
        const text = await logOf([{record: ranFor(task, [{ms: 1, end: exited(1)}]), outputs: [printed(output)]}], {
          settings: {workflowCommands: 'ignore'}
        })
        expect(runnerLines(text).flatMap(line => runnerCommand(line)?.name ?? [])).toEqual(['group', 'endgroup', 'error'])
      }),
      {numRuns: runs(500)}
    )
  })

  test('names every PowerShell that was used', async () => {
    const other = {...powershell, edition: 'powershell' as const, version: '5.1.1'}
    expect(await logOf([], {powershells: [powershell, other]})).toContain('0 tasks, 2 at a time, pwsh 7.6.5, powershell 5.1.1\n')
  })

  test('names every isolation that was used', async () => {
    const ran = (['none', 'process', 'none'] as const).map((isolation, index) => ({
      record: ranFor(createTask({index, id: `t${index}`, isolation}), [{ms: 1, end: succeeded}]),
      outputs: [printed('')]
    }))
    expect(await logOf(ran)).toContain('3 tasks, 2 at a time, pwsh 7.6.5, isolation none and process\n')
  })
})

describe('stepLog with commands of tasks', () => {
  const ok = (task: Task, ...output: (string | Uint8Array)[]): Printed => ({
    record: ranFor(task, [{ms: 100, end: succeeded}]),
    outputs: [printed(...output)]
  })
  const [a, b] = [createTask({index: 0, id: 'a'}), createTask({index: 1, id: 'b'})]
  const bodyOf = (text: string) => text.split('\n').slice(1, -2)

  test('shows them as words, in both notations, and gives the annotations at the end', async () => {
    const text = await logOf([
      ok(
        a,
        '::group::Restore\nrestoring\n::endgroup::\n::warning file=a.ps1,line=3,title=Old::use b\n',
        'x ##[error]it broke%0Aat last\n::notice::done\n::debug::hidden\n::set-output name=k::v\n::save-state name=s::t\n::echo::on\n'
      )
    ])
    expect(bodyOf(text)).toEqual([
      '::group::✓ a (0.1 s)',
      '▸ Restore',
      'restoring',
      'Warning: Old: use b (a.ps1:3)',
      'Error: it broke',
      'at last',
      'Notice: done',
      '::endgroup::',
      '',
      'Reported by tasks that succeeded:',
      '::error::a: it broke%0Aat last',
      '::warning title=Old,file=a.ps1,line=3::a: use b',
      '::notice::a: done'
    ])
  })

  test('gives no annotation at all where there are to be none, and keeps the text', async () => {
    const failed = {record: ranFor(b, [{ms: 1, end: exited(1)}]), outputs: [printed('::error::mine\n')]}
    const text = await logOf([ok(a, '::warning::careful\n'), failed], {settings: {annotations: false}})
    expect(runnerLines(text).flatMap(line => runnerCommand(line)?.name ?? [])).toEqual(['group', 'endgroup', 'group', 'endgroup'])
    expect(text).toContain('\nWarning: careful\n')
    expect(text).toContain('\nError: mine\n')
  })

  test('keeps within ten of a type, those of failed tasks first, and counts the rest', async () => {
    const failed = createTasks(...Array.from({length: 4}, () => ({})))
    const noisy = ok(createTask({index: 9, id: 'noisy'}), Array.from({length: 30}, (_, i) => `::error::e${i}\n::warning::w${i}\n`).join(''))
    const text = await logOf([noisy, ...failed.map(task => ({record: ranFor(task, [{ms: 1, end: exited(1)}]), outputs: []}))])
    const given = (name: string) =>
      runnerLines(text).flatMap(line => (runnerCommand(line)?.name === name ? [runnerCommand(line)?.data] : []))
    expect(given('error')).toEqual([
      ...Array(4).fill('exit code 1'),
      'noisy: e0',
      'noisy: e1',
      'noisy: e2',
      'noisy: e3',
      'noisy: e4',
      '25 more errors of tasks; the log has them all'
    ])
    expect(given('warning')).toEqual([
      ...Array.from({length: 9}, (_, i) => `noisy: w${i}`),
      '21 more warnings of tasks; the log has them all'
    ])
  })

  test('annotates each failed task by its own first error that names a file, before anything else that tasks report', async () => {
    const failing = createTasks(...Array.from({length: 15}, () => ({})))
    const failed = failing.map(
      (task, i): Printed => ({
        record: ranFor(task, [{ms: 1, end: exited(1)}]),
        outputs: [printed(`::error::general\n::error file=f${i}.ps1,line=${i + 1}::broken ${i}\n::error file=other.ps1::more\n`)]
      })
    )
    const errors = (text: string) => text.match(/^::error.*$/gm)
    expect(errors(await logOf(failed))).toEqual([
      ...Array.from({length: 9}, (_, i) => `::error file=f${i}.ps1,line=${i + 1}::task_${i}: broken ${i}`),
      '::error title=pwsh-pool::6 more tasks failed, tasks reported 36 errors; the log and the summary name them'
    ])
    const [first, second] = failed
    if (first === undefined || second === undefined) throw new Error('no tasks')
    const early = ok(createTask({index: -1, id: 'early'}), '::error::of early\n')
    const text = await logOf([early, first, second])
    expect(text.slice(text.indexOf('Failed:')).split('\n').slice(0, -2)).toEqual([
      'Failed: 2 of 3',
      '✗ task_0 · exit code 1 · 0.0 s',
      '    Error: general',
      '    Error: broken 0 (f0.ps1:1)',
      '    Error: more (other.ps1)',
      '::error file=f0.ps1,line=1::task_0: broken 0',
      '✗ task_1 · exit code 1 · 0.0 s',
      '    Error: general',
      '    Error: broken 1 (f1.ps1:2)',
      '    Error: more (other.ps1)',
      '::error file=f1.ps1,line=2::task_1: broken 1',
      '',
      'Also reported by tasks that failed:',
      '::error::task_0: general',
      '::error file=other.ps1::task_0: more',
      '::error::task_1: general',
      '::error file=other.ps1::task_1: more',
      '',
      'Reported by tasks that succeeded:',
      '::error::early: of early'
    ])
  })

  test('annotates a failed task by the last error that it showed, where that was, and by the exit code alone only if it showed none', async () => {
    const causes = [
      'Write-Error: expected 3 but got 4\ncleaning up\n',
      "Exception: /repo/tests/a.ps1:7\nLine |\n   7 |  throw 'bad'\n     |  ~~~~~~~~~~~\n     | bad\n",
      "Exception: /elsewhere/a.ps1:7\nLine |\n   7 |  throw 'bad'\n     |  ~~~~~~~~~~~\n     | bad\n",
      '::add-mask::s3cret\nerror: cannot open s3cret\n',
      'all is well\n'
    ]
    const tasks = createTasks(...causes.map(() => ({})))
    const text = await logOf(
      tasks.map((task, i) => ({record: ranFor(task, [{ms: 1, end: exited(3)}]), outputs: [printed(causes[i] ?? '')]}))
    )
    expect(text.match(/^::error.*$/gm)).toEqual([
      '::error::task_0: expected 3 but got 4 (exit code 3)',
      '::error file=tests/a.ps1,line=7::task_1: bad (exit code 3)',
      '::error::task_2: bad (exit code 3)',
      '::error::task_3: cannot open *** (exit code 3)',
      '::error title=task_4::exit code 3'
    ])
  })

  test('annotates a task that was ended from outside by that, not by what it said before', async () => {
    const end = {status: 'timed-out', reason: 'timeout', timeoutMs: 8000} as const
    const text = await logOf([{record: ranFor(a, [{ms: 9000, end}]), outputs: [printed('error: retrying\n')]}])
    expect(text.match(/^::error.*$/gm)).toEqual(['::error title=a::timed out after 8 s'])
  })

  test('gives only the annotations of the last attempt', async () => {
    const record = ranFor(createTask({id: 'a', retry: {...noRetry, times: 1}}), [
      {ms: 1, end: exited(1)},
      {ms: 1, end: succeeded}
    ])
    const text = await logOf([{record, outputs: [printed('::warning::first\n'), printed('::warning::second\n')]}])
    expect(text.match(/^::warning.*$/gm)).toEqual([
      '::warning title=pwsh-pool::1 task succeeded only after a failed attempt: a',
      '::warning::a: second'
    ])
  })

  test('says that a task is slow, with what it usually takes if that is known', async () => {
    const before: PoolEvent[] = [
      {type: 'task-slow', task: a, number: 1, afterMs: 120_000, usualMs: 40_000},
      {type: 'task-slow', task: b, number: 1, afterMs: 1500, usualMs: undefined}
    ]
    const text = await logOf([ok(a, ''), ok(b, '')], {before})
    expect(text.match(/^◷.*$/gm)).toEqual(['◷ a · slow: running for 2 min (usually 40.0 s)', '◷ b · slow: running for 1.5 s'])
  })

  test('says what `retry` has found in a failed attempt, masked and on one line', async () => {
    const task = createTask({id: 'a', retry: {...noRetry, times: 3, delayMs: 10_000}})
    const record = ranFor(task, [
      {ms: 1, end: exited(1), matched: {list: 'on', kind: 'match', text: '429\nby s3cret'}},
      {ms: 1, end: exited(1), matched: {list: 'on', kind: 'exception', text: 'System.Net.Http.HttpRequestException'}},
      {ms: 1, end: exited(1), matched: {list: 'not', kind: 'match', text: 'quota'}}
    ])
    const text = await logOf([{record, outputs: [printed('::add-mask::s3cret\n'), printed(''), printed('')]}])
    expect(text.match(/^(?:↻|⊘).*$/gm)).toEqual([
      '↻ a · attempt 1 of 4: exit code 1; again in 10 s: matched "429\\nby ***"',
      '↻ a · attempt 2 of 4: exit code 1; again in 10 s: System.Net.Http.HttpRequestException',
      '⊘ a · attempt 3 of 4; not again: matched "quota"'
    ])
  })

  test('forwards a mask before anything else, once, and shows the value nowhere from then on', async () => {
    const text = await logOf([ok(a, 'early s3cret\n', '::add-mask::s3cret\nlate s3cret\n##[add-mask]s3cret\n'), ok(b, 's3cret again\n')])
    expect(text.match(/.*s3cret.*/g)).toEqual(['::add-mask::s3cret'])
    expect(text).toMatch(/^pwsh-pool.*\n::add-mask::s3cret\n::group::✓ a/)
    expect(text).toContain('early ***\nlate ***\n::endgroup::')
    expect(text).toContain('*** again\n')
  })

  test('masks without telling the runner where no line is to be a command', async () => {
    const text = await logOf([ok(a, '::add-mask::s3cret\n::error::of s3cret\n')], {settings: {workflowCommands: 'ignore'}})
    expect(bodyOf(text)).toEqual(['::group::✓ a (0.1 s)', '\\::error::of ***', '::endgroup::'])
  })

  test('masks names, verdicts and last lines, also inside annotations', async () => {
    const task = createTask({name: 'deploy s3cret'})
    const end = {status: 'failure', reason: 'wrong-file', message: 'GITHUB_OUTPUT line 1: s3cret'} as const
    const text = await logOf([
      {record: ranFor(task, [{ms: 1, end}]), outputs: [printed('::add-mask::s3cret\n::error file=s3cret::s3cret\ns3cret')]}
    ])
    expect(text.match(/.*s3cret.*/g)).toEqual(['::add-mask::s3cret'])
    expect(text).toContain('✗ deploy *** · GITHUB_OUTPUT line 1: ***')
    expect(text).toContain('::error file=***::deploy ***: ***')
  })

  test('says once what has no effect here', async () => {
    const text = await logOf([ok(a, '::set-env name=A::1\n::set-env name=B::2\n::add-path::/x\n::add-matcher::m.json\n')])
    expect(bodyOf(text).slice(1, -1)).toEqual([
      '\\::set-env name=A::1',
      '[pwsh-pool: set-env has no effect: the runner refuses it; write to the file $env:GITHUB_ENV instead]',
      '\\::set-env name=B::2',
      '\\::add-path::/x',
      '[pwsh-pool: add-path has no effect: the runner refuses it; write to the file $env:GITHUB_PATH instead]',
      '\\::add-matcher::m.json',
      '[pwsh-pool: add-matcher has no effect: problem matchers are those of the whole job; give this command in a step of its own]'
    ])
  })

  test('tells what the pool decides, and what tasks say to debug, where that is asked for', async () => {
    const text = await logOf([ok(a, '::debug::detail\n')], {isDebug: true})
    expect(text).toContain('::debug::a: attempt 1 in slot 0 is over: success, 16 bytes of output\n')
    expect(text).toContain('\nDebug: detail\n')
  })

  test('says to those who debug nothing a second time that the log says, or has said to them', async () => {
    const over = {status: 'timed-out', reason: 'timeout', timeoutMs: 1000} as const
    const [slow, after, never] = createTasks({name: 'slow'}, {name: 'after'}, {name: 'never'}) as [Task, Task, Task]
    const text = await logOf(
      [
        {record: ranFor(slow, [{ms: 1000, end: over}]), outputs: []},
        {record: skippedBecause(after, {status: 'skipped', reason: 'need-did-not-succeed', need: slow}), outputs: []},
        {record: skippedBecause(never, {status: 'skipped', reason: 'cancelled'}), outputs: []}
      ],
      {isDebug: true, before: [{type: 'attempt-ending', task: slow, number: 1, end: over}]}
    )
    expect(text.split('\n').filter(line => line.startsWith('::debug::') && !line.startsWith('::debug::run: '))).toEqual([
      `::debug::${slow.id}: attempt 1 in slot 0 is over: timed out after 1 s, 0 bytes of output`,
      `::debug::${never.id}: skipped: the run was cancelled`
    ])
    expect(text).toContain('◷ slow · timed out after 1 s; ending it\n')
  })

  test('tells what happens to processes where that is asked for, each thing in a line', async () => {
    const at = Date.UTC(2026, 10, 30, 16, 5, 36, 123)
    const signal = {type: 'signal-sent', signal: 'SIGTERM', pid: 71, isGroup: false, name: 'pwsh', at, outcome: 'sent'} as const
    const before: PoolEvent[] = [
      {type: 'worker-started', pid: 71, edition: 'pwsh', isolation: 'process'},
      {type: 'worker-started', pid: 72, edition: 'powershell', isolation: 'runspace'},
      {type: 'worker-ready', pid: 71, bootMs: 412},
      {type: 'worker-lost', pid: 72, bootMs: 90},
      {type: 'attempt-started', task: a, number: 1, worker: 0, startedAt: 0, pid: 71},
      signal,
      {...signal, isGroup: true, name: undefined},
      {...signal, signal: 'taskkill', name: undefined, outcome: 'refused'},
      {type: 'processes-unlisted', because: 'the process has no rights'}
    ]
    const told = (text: string) => text.split('\n').filter(line => line.startsWith('::debug::') && line.includes('process '))
    expect(told(await logOf([ok(a)], {isDebug: true, before}))).toEqual([
      '::debug::process 71 is started: pwsh for one task',
      '::debug::process 72 is started: powershell for tasks at isolation runspace',
      '::debug::process 71 is ready for a task after 412 ms',
      '::debug::process 72 has ended after 90 ms, before it was ready for a task',
      '::debug::a: attempt 1 begins in slot 0, in process 71',
      '::debug::SIGTERM sent to process 71 (pwsh) at 16:05:36.123Z',
      '::debug::SIGTERM sent to the group of process 71 at 16:05:36.123Z',
      '::debug::taskkill could not be sent to process 71 at 16:05:36.123Z',
      '::debug::processes cannot be listed: the process has no rights'
    ])
    expect(told(await logOf([ok(a)], {before}))).toEqual([])
  })

  test.each([
    ['grouped', ['::group::left by a', 'late', '[pwsh-pool: PIPES]', '::endgroup::']],
    ['live', ['[left by a] late', '[left by a] [pwsh-pool: PIPES]']]
  ] as const)('shows what a task left has printed as left by that task, %s', async (log, expected) => {
    const late = {size: 5, leftOut: 0, wasHeld: true, chunks: printed('late\n').chunks}
    const before: PoolEvent[] = [{type: 'left-output', task: a, output: late}]
    const text = (await logOf([], {before, settings: {log}})).replaceAll(pipesClosed, 'PIPES')
    expect(text.split('\n').slice(1, 1 + expected.length)).toEqual(expected)
    expect(text).not.toContain('modules and setup')
  })

  test('warns of a process that could not be ended, with the task that ran in it', async () => {
    const started = (task: Task, pid: number): PoolEvent => ({type: 'attempt-started', task, number: 1, worker: 0, startedAt: 0, pid})
    const before: PoolEvent[] = [started(a, 71), started(b, 72), {type: 'process-not-ended', pid: 72}, {type: 'process-not-ended', pid: 9}]
    const warnings = [
      'The process 72 of b could not be ended: it may still be running, or what it has started',
      'The process 9 could not be ended: it may still be running, or what it has started'
    ]
    const text = await logOf([ok(a)], {before})
    expect(text).toContain(warnings.map(warning => `::warning::${warning}\n`).join(''))
    const plainText = await logOf([ok(a)], {before, settings: {annotations: false}})
    expect(plainText).toContain(warnings.map(warning => `Warning: ${warning}\n`).join(''))
    expect(plainText).not.toContain('::warning')
  })

  test('shows every line at once, with the name of its task, where the log is live', async () => {
    const failed = {
      record: ranFor(b, [{ms: 41_000, end: exited(3)}]),
      outputs: [printed('one\r\ntwo\rthree', '\n::error::x\n ::unknown::y')]
    }
    const text = await logOf([ok(a, 'hi\n', 'par', 'tial\n'), failed], {settings: {log: 'live'}})
    expect(bodyOf(text)).toEqual([
      '[a] hi',
      '[a] partial',
      '✓ a (0.1 s)',
      '[b] one',
      '[b] two',
      '[b] three',
      '[b] Error: x',
      '[b]  ::unknown::y',
      '✗ b · exit code 3 (41.0 s)',
      '',
      'Failed: 1 of 2',
      '✗ b · exit code 3 · 41.0 s',
      '    one',
      '    two',
      '    three',
      '    Error: x',
      '     \\::unknown::y',
      '::error::b: x (exit code 3)'
    ])
  })

  test('puts the name of its task in front of every line, whatever is in either', async () => {
    const live = {settings: {log: 'live'}} as const
    const task = createTask({name: 'pay $& $$5 ##[error] é'})
    expect(bodyOf(await logOf([ok(task, 'one\ntwo ü\nthree\n')], live)).slice(0, 3)).toEqual([
      '[pay $& $$5 ##\\[error] é] one',
      '[pay $& $$5 ##\\[error] é] two ü',
      '[pay $& $$5 ##\\[error] é] three'
    ])
    const line = anyText().map(text => Buffer.from(text.replace(/[\r\n]/g, ' ')).toString())
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.array(line, {minLength: 1}), async (name, lines) => {
        const named = createTask({name: `n${name}`})
        const text = lines.map(each => `${each}\n`).join('')
        const looked = lines.map(each => `${each}\n::add-mask:: \n`).join('')
        expect(await logOf([ok(named, text)], live)).toBe(await logOf([ok(named, looked)], live))
      }),
      {numRuns: runs(300)}
    )
  })

  test('tells a timeout when it strikes, not only when the task is over', async () => {
    const end = {status: 'timed-out', reason: 'timeout', timeoutMs: 8000} as const
    const text = await logOf([{record: ranFor(a, [{ms: 9000, end}]), outputs: []}], {
      before: [{type: 'attempt-ending', task: a, number: 1, end}]
    })
    expect(bodyOf(text).slice(0, 2)).toEqual(['◷ a · timed out after 8 s; ending it', '::group::✗ a · timed out after 8 s (9.0 s)'])
  })

  test('heeds what setup prints, in either kind of log', async () => {
    const before: PoolEvent[] = [{type: 'worker-booted', text: '::add-mask::s3cret\n::group::Modules\ns3cret\n::error::no'}]
    expect(bodyOf(await logOf([ok(a, 's3cret\n')], {before})).slice(0, 7)).toEqual([
      '::add-mask::s3cret',
      '::group::modules and setup',
      '▸ Modules',
      '***',
      'Error: no',
      '::endgroup::',
      '::group::✓ a (0.1 s)'
    ])
    expect(bodyOf(await logOf([], {before, settings: {log: 'live'}}))[1]).toBe('[modules and setup] ▸ Modules')
  })

  test('keeps the lines of a verdict apart, and none of them is a command', async () => {
    const end = {status: 'failure', reason: 'not-started', message: 'it ended: one\n::error::two\r##[group]three'} as const
    const text = await logOf([{record: ranFor(a, [{ms: 1, end}]), outputs: []}])
    expect(runnerLines(text).flatMap(line => runnerCommand(line)?.name ?? [])).toEqual(['group', 'endgroup', 'error'])
    expect(text).toContain('\n✗ a · could not be started: it ended: one\n    \\::error::two\n    ##\\[group]three · 0.0 s\n')
  })

  test('keeps colors and carriage returns as lines, and says once that bytes are not text', async () => {
    const text = await logOf([ok(a, '\x1b[31mred\x1b[0m\n10 %\r20 %\r\n', Buffer.from([0xff, 0x0a, 0xfe, 0x0a, 0x00, 0x0a]))])
    expect(bodyOf(text).slice(1, -1)).toEqual([
      '\x1b[31mred\x1b[0m',
      '10 %',
      '20 %',
      '\ufffd',
      '\ufffd',
      '\0',
      '[pwsh-pool: what is not UTF-8 in this output is shown as \ufffd]'
    ])
  })
})
