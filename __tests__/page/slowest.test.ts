import {expect, test} from '@jest/globals'
import {runModel, slowestRows} from '../../page/run-model.ts'
import {duration, recordedText} from '../../page/words.ts'
import {renderJobSummary} from '../../src/pages/job-summary.ts'
import {reportOf} from '../../src/report/run-report.ts'
import {createRecord, exited, ranFor, skippedBecause, succeeded} from '../support/create-record.ts'
import {createTasks} from '../support/create-task.ts'

const tasks = createTasks(
  {name: 'slower', recorded: {medianMs: 1000, samples: 5}},
  {name: 'faster', recorded: {medianMs: 4000.5, samples: 4}},
  {name: 'failed', recorded: {medianMs: 100, samples: 5}},
  {name: 'flaky', recorded: {medianMs: 250, samples: 5}},
  {name: 'unknown'},
  {name: 'short', recorded: {medianMs: 0, samples: 1}},
  {name: 'never'}
)
const ms = [[2000], [3000], [4000], [500, 300], [700], [100]]
const record = createRecord(
  tasks.map((task, i) =>
    ms[i] === undefined
      ? skippedBecause(task, {status: 'skipped', reason: 'cancelled'})
      : ranFor(
          task,
          ms[i].map((ms, attempt, all) => ({ms, end: i === 2 || attempt < all.length - 1 ? exited(1) : succeeded}))
        )
  )
)

test('the page, the summary and the report agree on what was slowest and what is recorded of it', () => {
  const report = reportOf({record, tails: new Map()})
  expect(report.tasks.map(({recorded}) => recorded)).toEqual(tasks.map(({recorded}) => recorded ?? null))
  const model = runModel({report, plan: {tasks: [], boots: [], waits: []}, objects: [], logs: [], logsLeftOut: null})
  const onPage = slowestRows(model).map(row => {
    const recorded = recordedText(row)
    return `**${row.task.name}** ${duration(row.task.durationMs)}${recorded === undefined ? '' : ` (${recorded})`}`
  })
  expect(onPage).toEqual([
    '**failed** 4.0 s',
    '**faster** 3.0 s (recorded 4.0 s, −25 %)',
    '**slower** 2.0 s (recorded 1.0 s, +100 %)',
    '**flaky** 0.8 s (recorded 0.3 s, +20 %)',
    '**unknown** 0.7 s'
  ])
  expect(renderJobSummary({record, tails: new Map()})).toContain(`Slowest: ${onPage.join(' · ')}\n`)
})
