import {describe, expect, test} from '@jest/globals'
import type {Verdict} from '../../src/model/event.ts'
import {duration, exactDuration, speedUpText, verdictText} from '../../src/report/wording.ts'
import {createRecord, ranFor, succeeded} from '../support/create-record.ts'
import {createTask} from '../support/create-task.ts'

describe('duration', () => {
  test.each([
    [0, '0.0 s'],
    [3249, '3.2 s'],
    [59_949, '59.9 s'],
    [59_950, '1 min 0 s'],
    [65_000, '1 min 5 s'],
    [3_599_600, '1 h 0 min'],
    [7_380_000, '2 h 3 min']
  ])('shows %d ms as %s', (ms, text) => {
    expect(duration(ms)).toBe(text)
  })
})

describe('exactDuration', () => {
  test.each([
    [90, '90 ms'],
    [1500, '1.5 s'],
    [90_000, '90 s'],
    [300_000, '5 min'],
    [3_600_000, '1 h']
  ])('shows a chosen %d ms as %s', (ms, text) => {
    expect(exactDuration(ms)).toBe(text)
  })
})

describe('verdictText', () => {
  const test_ = createTask({id: 'test'})
  test.each<[Verdict, string]>([
    [{status: 'success', reason: 'exit', exitCode: 0}, ''],
    [{status: 'success', reason: 'exit', exitCode: 3010}, 'exit code 3010'],
    [{status: 'failure', reason: 'exit-code', exitCode: 0}, 'exit code 0, which is not one of its success codes'],
    [{status: 'failure', reason: 'exit-code', exitCode: 42}, 'exit code 42'],
    [{status: 'failure', reason: 'killed', signal: 'SIGSEGV'}, 'ended by SIGSEGV'],
    [{status: 'failure', reason: 'not-started', message: 'no room'}, 'could not be started: no room'],
    [{status: 'failure', reason: 'wrong-file', message: 'GITHUB_OUTPUT line 3: …'}, 'GITHUB_OUTPUT line 3: …'],
    [
      {status: 'skipped', reason: 'no-worker', failedStarts: 3, cause: test_},
      'skipped: PowerShell ended 3 times in a row before a task began (see test)'
    ],
    [{status: 'timed-out', reason: 'timeout', timeoutMs: 5000}, 'timed out after 5 s'],
    [{status: 'timed-out', reason: 'total-timeout', timeoutMs: 60_000}, 'ended by the total timeout of 1 min'],
    [{status: 'skipped', reason: 'total-timeout', timeoutMs: 60_000}, 'skipped: the total timeout of 1 min was over'],
    [{status: 'cancelled', reason: 'cancelled'}, 'cancelled'],
    [{status: 'skipped', reason: 'cancelled'}, 'skipped: the run was cancelled'],
    [{status: 'cancelled', reason: 'fail-fast', cause: test_}, 'ended because test failed'],
    [{status: 'skipped', reason: 'fail-fast', cause: test_}, 'skipped: test failed'],
    [{status: 'cancelled', reason: 'fail-fast', cause: test_, failed: 3}, 'ended because 3 tasks failed, test the last of them'],
    [{status: 'skipped', reason: 'fail-fast', cause: test_, failed: 3}, 'skipped: 3 tasks failed, test the last of them'],
    [{status: 'skipped', reason: 'need-did-not-succeed', need: test_}, 'skipped: test did not succeed'],
    [{status: 'skipped', reason: 'no-need-failed'}, 'skipped: nothing that it needs has failed']
  ])('tells %j as "%s"', (verdict, text) => {
    expect(verdictText(verdict)).toBe(text)
  })
})

describe('speedUpText', () => {
  const tasks = [0, 1].map(index => ranFor(createTask({index}), [{ms: 1000, end: succeeded}]))
  test.each([
    [1000, '2.0x'],
    [2000, '1.0x'],
    [2050, '1.0x'],
    [8000, undefined]
  ])('says of two seconds of tasks in %d ms: %s, and nothing where the starts cost more than they saved', (ms, text) => {
    expect(speedUpText(createRecord(tasks, {ms}))).toBe(text)
  })
})
