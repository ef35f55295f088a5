import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import type {Verdict} from '../../src/model/event.ts'
import type {MaxFailures} from '../../src/model/settings.ts'
import {FailureLimit} from '../../src/pool/failure-limit.ts'
import {exited, succeeded} from '../support/create-record.ts'
import {createTask, createTasks} from '../support/create-task.ts'
import {runs} from '../support/runs.ts'

const timedOut: Verdict = {status: 'timed-out', reason: 'timeout', timeoutMs: 1}
const skipped: Verdict = {status: 'skipped', reason: 'cancelled'}
const cancelled: Verdict = {status: 'cancelled', reason: 'cancelled'}

/** At which of these verdicts, from 0, there are enough failures; `undefined` if they never are. `mayFail` of a task: by its index. */
function reachedAt(limit: MaxFailures, verdicts: readonly Verdict[], tasks = verdicts.length, mayFail: readonly number[] = []) {
  const failures = new FailureLimit(limit, tasks)
  for (const [index, verdict] of verdicts.entries()) {
    failures.note(createTask({index, continueOnError: mayFail.includes(index)}), verdict)
    if (failures.enough !== undefined) return {index, cause: failures.enough.cause.id, failed: failures.enough.failed}
  }
  return undefined
}

const times = (number: number, verdict: Verdict): Verdict[] => Array.from({length: number}, () => verdict)
const percent = (share: number): MaxFailures => ({kind: 'percentage', percent: share})

describe('a number of failures', () => {
  test('is reached by that many tasks that failed or timed out and may not, and the last of them is the cause', () => {
    const verdicts = [exited(1), succeeded, exited(1), cancelled, skipped, timedOut, exited(2)]
    expect(reachedAt({kind: 'count', count: 1}, verdicts)).toEqual({index: 0, cause: 'task_0', failed: 1})
    expect(reachedAt({kind: 'count', count: 3}, verdicts)).toEqual({index: 5, cause: 'task_5', failed: 3})
    expect(reachedAt({kind: 'count', count: 3}, verdicts, 7, [2])).toEqual({index: 6, cause: 'task_6', failed: 3})
    expect(reachedAt({kind: 'count', count: 5}, verdicts)).toBeUndefined()
  })
})

describe('a share of failures', () => {
  test('is one of all tasks, and is looked at once ten have ended', () => {
    const verdicts = [...times(5, exited(1)), ...times(15, succeeded)]
    expect(reachedAt(percent(10), verdicts, 20)).toEqual({index: 9, cause: 'task_4', failed: 5})
    expect(reachedAt(percent(25), verdicts, 20)).toEqual({index: 9, cause: 'task_4', failed: 5})
    expect(reachedAt(percent(25.01), verdicts, 20)).toBeUndefined()
    expect(reachedAt(percent(10), [...times(15, succeeded), ...times(5, exited(1))], 20)).toEqual({index: 16, cause: 'task_16', failed: 2})
  })

  test('does not count skipped tasks among those that have ended', () => {
    expect(reachedAt(percent(10), [...times(9, exited(1)), ...times(11, skipped)], 20)).toBeUndefined()
  })

  test('is reached exactly where the share of all tasks is, of whole tasks too', () => {
    const shares = fc.integer({min: 1, max: 10_000})
    const failing = fc.array(fc.boolean(), {minLength: 1, maxLength: 400})
    fc.assert(
      fc.property(shares, failing, (hundredths, fails) => {
        const least = fails.findIndex((_, index) => {
          const failed = BigInt(fails.slice(0, index + 1).filter(Boolean).length)
          return index >= 9 && failed > 0n && failed * 10_000n >= BigInt(hundredths) * BigInt(fails.length)
        })
        const verdicts = fails.map(isFailed => (isFailed ? exited(1) : succeeded))
        expect(reachedAt(percent(hundredths / 100), verdicts)?.index ?? -1).toBe(least)
      }),
      {numRuns: runs(200)}
    )
  })

  test('of tasks that the run has not is never reached', () => {
    expect(new FailureLimit(percent(1), createTasks().length).enough).toBeUndefined()
  })
})
