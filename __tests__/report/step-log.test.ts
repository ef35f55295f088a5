import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import type {PoolEvent, RecordedOutput, TaskRecord} from '../../src/event.ts'
import {collectFailureTails} from '../../src/report/failure-tails.ts'
import {stepLog} from '../../src/report/step-log.ts'
import {noRetry} from '../../src/settings.ts'
import {createRecord, exited, powershell, printed, ranFor, skippedBecause, succeeded} from '../helpers/create-record.ts'
import {createTask, createTasks} from '../helpers/create-task.ts'
import {runnerCommand, runnerLines} from '../helpers/runner-commands.ts'
import {runs} from '../helpers/runs.ts'

interface Printed {
  readonly record: TaskRecord
  /** One for each attempt. */
  readonly outputs: readonly RecordedOutput[]
}

/** The whole log of a run of these tasks. */
async function logOf(tasks: readonly Printed[], overrides: Parameters<typeof createRecord>[1] = {}): Promise<string> {
  let text = ''
  const {read, tails} = collectFailureTails()
  const log = stepLog(async more => {
    text += more
  }, tails)
  const record = createRecord(
    tasks.map(task => task.record),
    overrides
  )
  const events: PoolEvent[] = [
    {type: 'run-started', tasks: record.tasks.map(({task}) => task), powershells: record.powershells, maxParallel: record.maxParallel},
    ...tasks.flatMap(eventsOf),
    {type: 'run-ended', record}
  ]
  for (const event of events) {
    await read(event)
    await log(event)
  }
  return text
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
      .map(runnerCommand)
      .filter(command => command?.name === 'error')
    expect(errors).toHaveLength(10)
    expect(errors.at(-1)?.data).toBe('16 more tasks failed; the log and the summary name them')
    expect(text).toContain('✗ task_24 · exit code 1')
  })

  test('lets nothing that a task is called or prints be a command', async () => {
    const part = fc.oneof(
      fc.constantFrom('::error::', '##[add-mask]x', '::endgroup::', '\n', '\r', ' ', '\u0085', '::'),
      fc.string({unit: 'binary'})
    )
    const word = fc.array(part).map(parts => parts.join(''))
    await fc.assert(
      fc.asyncProperty(word, word, async (output, name) => {
        const task = createTask({name: `n${name.replace(/[\p{Cc}\u2028\u2029]/gu, ' ')}`})
        const text = await logOf([{record: ranFor(task, [{ms: 1, end: exited(1)}]), outputs: [printed(output)]}])
        expect(runnerLines(text).flatMap(line => runnerCommand(line)?.name ?? [])).toEqual(['group', 'endgroup', 'error'])
      }),
      {numRuns: runs(500)}
    )
  })

  test('names every PowerShell that was used', async () => {
    const other = {...powershell, edition: 'powershell' as const, version: '5.1.1'}
    expect(await logOf([], {powershells: [powershell, other]})).toContain(
      '0 tasks, 2 at a time, pwsh 7.6.5, powershell 5.1.1, isolation process'
    )
  })
})
