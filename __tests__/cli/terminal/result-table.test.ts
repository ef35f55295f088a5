import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {colorsFor} from '../../../src/cli/terminal/colors.ts'
import {widthOf} from '../../../src/cli/terminal/columns.ts'
import {resultTable} from '../../../src/cli/terminal/result-table.ts'
import {createRecord, exited, ranFor, skippedBecause, succeeded} from '../../support/create-record.ts'
import {createTask, createTasks} from '../../support/create-task.ts'
import {hostileText} from '../../support/hostile-text.ts'
import {runs} from '../../support/runs.ts'

const canvas = {width: 79, colors: colorsFor(false), mask: (text: string) => text.replaceAll('s3cret', '***')}

describe('resultTable', () => {
  test('has a line for each task, in declared order', () => {
    const [build, check, deploy, may] = createTasks(
      {name: 'build s3cret'},
      {name: 'test', retry: {times: 1, delayMs: 0, backoff: 1, maxDelayMs: 0, jitter: false, on: undefined, not: []}},
      {name: 'deploy', needs: [1]},
      {name: 'may fail', continueOnError: true}
    ) as [ReturnType<typeof createTask>, ReturnType<typeof createTask>, ReturnType<typeof createTask>, ReturnType<typeof createTask>]
    const record = createRecord([
      ranFor(build, [{ms: 3200, end: succeeded}]),
      ranFor(check, [
        {ms: 100_000, end: exited(1)},
        {ms: 41_000, end: exited(3)}
      ]),
      skippedBecause(deploy, {status: 'skipped', reason: 'need-did-not-succeed', need: check}),
      ranFor(may, [{ms: 10, end: exited(2)}])
    ])
    expect(resultTable(record, canvas).join('\n')).toBe(`\
✓ build ***       3.2 s
✗ test       2 min 21 s  exit code 3 · attempt 2 of 2
⊘ deploy                 skipped: test did not succeed
✗ may fail        0.0 s  exit code 2 · allowed`)
  })

  test('counts those that were not started because the run was stopped, by reason, and lists those that a need kept from it', () => {
    const [lint, deploy, ...rest] = createTasks({name: 'lint s3cret'}, {name: 'deploy'}, {}, {}, {})
    if (lint === undefined || deploy === undefined) throw new Error('no tasks')
    const record = createRecord([
      ranFor(lint, [{ms: 10, end: exited(2)}]),
      skippedBecause(deploy, {status: 'skipped', reason: 'need-did-not-succeed', need: lint}),
      ...rest.map(task => skippedBecause(task, {status: 'skipped', reason: 'fail-fast', cause: lint}))
    ])
    expect(resultTable(record, canvas)).toEqual([
      '✗ lint ***  0.0 s  exit code 2',
      '⊘ deploy           skipped: lint *** did not succeed',
      '⊘ 3 tasks not started: lint *** failed'
    ])
  })

  test('counts those that succeeded where there are many', () => {
    const tasks = Array.from({length: 60}, (_, index) => createTask({index, name: `t${index}`}))
    const record = createRecord(tasks.map((task, i) => ranFor(task, [{ms: 1, end: i === 7 ? exited(1) : succeeded}])))
    expect(resultTable(record, canvas)).toEqual(['✗ t7  0.0 s  exit code 1', '✓ 59 tasks succeeded'])
  })

  test('fits the width, whatever tasks are called', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(hostileText, fc.string({unit: 'grapheme'})), {maxLength: 5}),
        fc.integer({min: 1, max: 120}),
        (names, width) => {
          const records = names.map((name, index) => ranFor(createTask({index, name}), [{ms: index * 1000, end: exited(index + 1)}]))
          expect(resultTable(createRecord(records), {...canvas, width}).filter(line => widthOf(line) > width)).toEqual([])
        }
      ),
      {numRuns: runs(200)}
    )
  })
})
