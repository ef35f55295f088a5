import {describe, expect, test} from '@jest/globals'
import {renderJobSummary} from '../../src/pages/job-summary.ts'
import {createRecord, exited, ranFor, skippedBecause, succeeded} from '../support/create-record.ts'
import {createTask} from '../support/create-task.ts'

const lineOf = (page: string): string | undefined => page.split('\n').find(line => line.startsWith('Slowest: '))

describe('the slowest tasks on the page', () => {
  test('are five, with the change against what is recorded of those that succeeded', () => {
    const recorded = {medianMs: 2000, samples: 3}
    const tasks = [1, 7, 3, 9, 2, 8].map((seconds, index) => ({task: createTask({index, name: `t${seconds}`}), ms: seconds * 1000}))
    const records = tasks.map(({task, ms}) =>
      ranFor({...task, ...(task.name === 't2' || task.name === 't9' ? {} : {recorded})}, [
        {ms, end: task.name === 't8' ? exited(1) : succeeded}
      ])
    )
    const skipped = skippedBecause(createTask({index: 6}), {status: 'skipped', reason: 'cancelled'})
    expect(lineOf(renderJobSummary({record: createRecord([...records, skipped]), tails: new Map()}))).toBe(
      'Slowest: **t9** 9.0 s · **t8** 8.0 s · **t7** 7.0 s (recorded 2.0 s, +250 %) · **t3** 3.0 s (recorded 2.0 s, +50 %) · **t2** 2.0 s'
    )
  })

  test('compare the last attempt, and can be faster', () => {
    const task = createTask({name: 'a', recorded: {medianMs: 4000, samples: 9}})
    const record = ranFor(task, [
      {ms: 5000, end: exited(1)},
      {ms: 1000, end: succeeded}
    ])
    expect(lineOf(renderJobSummary({record: createRecord([record]), tails: new Map()}))).toBe(
      'Slowest: **a** 6.0 s (recorded 4.0 s, −75 %)'
    )
  })

  test('are left out where the table says as much, unless there is a limit', () => {
    const few = (slow?: {ms: number}) => createRecord([1, 2].map(index => ranFor(createTask({index, slow}), [{ms: index, end: succeeded}])))
    expect(lineOf(renderJobSummary({record: few(), tails: new Map()}))).toBeUndefined()
    expect(lineOf(renderJobSummary({record: few({ms: 0}), tails: new Map()}))).toBeUndefined()
    expect(lineOf(renderJobSummary({record: few({ms: 60_000}), tails: new Map()}))).toBe(
      'Slowest: **task&#95;2** 0.0 s · **task&#95;1** 0.0 s'
    )
  })
})
