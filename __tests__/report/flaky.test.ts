import {describe, expect, test} from '@jest/globals'
import {colorsFor} from '../../src/cli/terminal/colors.ts'
import {resultTable} from '../../src/cli/terminal/result-table.ts'
import {AnnotationLedger} from '../../src/log/annotation-ledger.ts'
import {endSection} from '../../src/log/end-section.ts'
import {workflowMarkup} from '../../src/log/log-markup.ts'
import type {AttemptEnd, RunRecord, TaskRecord} from '../../src/model/event.ts'
import {noRetry} from '../../src/model/settings.ts'
import {renderJobSummary} from '../../src/pages/job-summary.ts'
import {collectFailureTails} from '../../src/report/failure-tails.ts'
import {renderJUnitReport} from '../../src/report/junit-report.ts'
import {renderResults, reportOf} from '../../src/report/run-report.ts'
import {runResult} from '../../src/report/totals.ts'
import {createRecord, exited, printed, ranFor, succeeded} from '../support/create-record.ts'
import {createTask, createTasks} from '../support/create-task.ts'

const lost: AttemptEnd = {status: 'failure', reason: 'worker-lost', message: 'another task ended it'}
const [steady, wobbly, lucky, moved] = createTasks(
  {name: 'steady'},
  {name: 'wobbly', retry: {...noRetry, times: 2}},
  {name: 'lucky', retry: {...noRetry, times: 2}, continueOnError: true},
  {name: 'moved', retry: {...noRetry, times: 2}}
) as [TaskRecord['task'], TaskRecord['task'], TaskRecord['task'], TaskRecord['task']]

const records = [
  ranFor(steady, [{ms: 10, end: succeeded}]),
  ranFor(wobbly, [
    {ms: 10, end: lost},
    {ms: 10, end: exited(7), matched: {list: 'on', kind: 'match', text: '429'}},
    {ms: 10, end: succeeded}
  ]),
  ranFor(lucky, [
    {ms: 10, end: exited(1)},
    {ms: 10, end: succeeded}
  ]),
  ranFor(moved, [
    {ms: 10, end: lost},
    {ms: 10, end: succeeded}
  ])
]
const tails = new Map([
  [wobbly, ['status 429', 'giving up']],
  [lucky, ['no luck']]
])
const recordOf = (overrides: Partial<RunRecord> = {}, tasks = records) => createRecord(tasks, overrides)
const ending = (record: RunRecord, annotates = true) =>
  endSection(record, {
    tails,
    annotations: annotates ? new AnnotationLedger() : undefined,
    workspace: '/repo',
    mask: text => text.replaceAll('lucky', '***'),
    markup: workflowMarkup
  }).split('\n')

describe('a task that succeeds after a failed attempt', () => {
  test('is listed and counted in the log, with one warning for all; a lost worker makes nothing flaky', () => {
    expect(ending(recordOf()).slice(0, -1)).toEqual([
      '',
      'Flaky: 2 of 4',
      '✓ wobbly · attempt 3 of 3 · attempt 2: exit code 7, matched "429"',
      '✓ *** · attempt 2 of 3 · attempt 1: exit code 1',
      '::warning title=pwsh-pool::2 tasks succeeded only after a failed attempt: wobbly, ***',
      '4 succeeded (2 flaky) in 1.0 s (sum of tasks 0.1 s)'
    ])
  })

  test('has no warning with `flaky: pass` or without annotations', () => {
    expect(ending(recordOf({flaky: 'pass'})).join('\n')).toMatch(/Flaky: 2 of 4(?![\s\S]*::)/)
    expect(ending(recordOf(), false).join('\n')).not.toContain('::')
  })

  test('fails the result with `flaky: fail`, unless it may fail, and says so everywhere', () => {
    const failing = recordOf({flaky: 'fail'})
    expect([recordOf(), recordOf({flaky: 'pass'}), failing].map(runResult)).toEqual(['success', 'success', 'failure'])
    expect(runResult(recordOf({flaky: 'fail'}, [records[0], records[2], records[3]] as TaskRecord[]))).toBe('success')
    const lines = ending(failing)
    expect(lines).toContain('✗ 1 flaky task fails the run ("flaky" is "fail")')
    expect(lines.filter(line => line.startsWith('::'))).toEqual([
      '::error title=pwsh-pool::1 flaky task fails the run ("flaky" is "fail"): 2 tasks succeeded only after a failed attempt: wobbly, ***'
    ])
    expect(renderJobSummary({record: failing, tails})).toMatch(/^## ❌ 1 of 4 tasks flaky\n/)
    expect(renderJUnitReport({record: failing, tails})).toMatch(
      /errors="1"[\s\S]*<error message="1 flaky task fails the run [^"]*" type="flaky">/
    )
    expect(reportOf({record: failing, tails})).toMatchObject({result: 'failure', flaky: 2, flakyMode: 'fail'})
  })

  test('is a warning and no error beside a task that failed', () => {
    const failed = ranFor(createTask({index: 4, name: 'broken'}), [{ms: 1, end: exited(3)}])
    const lines = ending(recordOf({flaky: 'fail'}, [...records, failed]))
    expect(lines.filter(line => line.startsWith('::')).map(line => line.split(' ')[0])).toEqual(['::error', '::warning'])
  })

  test('has a section of the summary with the last lines of the first failed attempt', () => {
    const page = renderJobSummary({record: recordOf(), tails})
    expect(page).toContain('4 succeeded (2 flaky) in')
    expect(page).toContain('### Flaky\n')
    expect(page).toMatch(/🔁 \*\*wobbly\*\* · attempt 3 of 3 · attempt 2&#58; exit code 7[\s\S]*?```text\nstatus 429\ngiving up\n```/)
    expect(page.match(/\| succeeded, flaky \|/g)).toHaveLength(2)
  })

  test('is told by the reports', () => {
    const report = reportOf({record: recordOf(), tails})
    expect(report.tasks.map(({flaky, lastLines}) => [flaky, lastLines])).toEqual([
      [false, []],
      [true, ['status 429', 'giving up']],
      [true, ['no luck']],
      [false, []]
    ])
    expect(report.tasks[1]?.attempts[1]?.matched).toEqual({list: 'on', kind: 'match', text: '429'})
    expect(JSON.parse(renderResults(recordOf()).json).map(({flaky}: {flaky: boolean}) => flaky)).toEqual([false, true, true, false])
    const junit = renderJUnitReport({record: recordOf(), tails})
    expect(junit.match(/<flakyFailure /g)).toHaveLength(2)
    expect(junit).toMatch(
      /<flakyFailure message="exit code 7, attempt 2 of 3" type="exit-code">\s*<stackTrace>[^<]*<\/stackTrace>\s*<system-out>status 429\ngiving up<\/system-out>/
    )
    expect(junit).toMatch(/failures="0" errors="0"/)
  })

  test('has a line in the terminal also where successes are only counted', () => {
    const many = Array.from({length: 60}, (_, index) =>
      ranFor(createTask({index: index + 4, name: `more ${index}`}), [{ms: 1, end: succeeded}])
    )
    const table = resultTable(recordOf({}, [...records, ...many]), {width: 80, colors: colorsFor(false), mask: text => text})
    expect(table).toEqual([
      expect.stringMatching(/^✓ wobbly +0\.0 s +flaky · attempt 3 of 3$/),
      expect.stringMatching(/^✓ lucky .*flaky/),
      '✓ 62 tasks succeeded'
    ])
  })
})

test('the last lines of the first failed attempt are kept until the last attempt fails', async () => {
  const {read, tails: kept} = collectFailureTails(async function* ({attempt}) {
    yield `attempt ${attempt.number}\n`
  })
  const hear = async (record: TaskRecord) => {
    for (const attempt of record.attempts) {
      const isLast = attempt === record.attempts.at(-1)
      await read({type: 'attempt-ended', task: record.task, attempt, output: printed(), retryInMs: isLast ? undefined : 0})
    }
  }
  for (const record of records) await hear(record)
  const broken = createTask({index: 9, retry: {...noRetry, times: 2}})
  await hear(
    ranFor(
      broken,
      [1, 2, 3].map(code => ({ms: 1, end: exited(code)}))
    )
  )
  expect([...kept]).toEqual([
    [wobbly, ['attempt 2']],
    [lucky, ['attempt 1']],
    [broken, ['attempt 3']]
  ])
})
