import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import type {AttemptEnd} from '../../src/model/event.ts'
import {noRetry} from '../../src/model/settings.ts'
import type {RetryCause, RetryPolicy} from '../../src/model/task.ts'
import {decideRetry, type FailedAttempt} from '../../src/pool/retry.ts'
import {exited, succeeded} from '../support/create-record.ts'
import {runs} from '../support/runs.ts'

const timedOut: AttemptEnd = {status: 'timed-out', reason: 'timeout', timeoutMs: 1000}
const lost: AttemptEnd = {status: 'failure', reason: 'worker-lost', message: ''}
const killed: AttemptEnd = {status: 'failure', reason: 'killed', signal: 'SIGSEGV'}
const webError = {
  types: ['System.Management.Automation.CmdletInvocationException', 'System.Net.Http.HttpRequestException', 'System.Exception'],
  id: 'WebCmdletWebResponseException,Microsoft.PowerShell.Commands.InvokeRestMethodCommand'
}

function decide(policy: Partial<RetryPolicy>, attempt: Partial<FailedAttempt> = {}, random?: () => number) {
  const failed = {number: 1, end: exited(1), printed: [], error: undefined, ...attempt}
  return decideRetry({...noRetry, times: 2, ...policy}, failed, random)
}

const isRetried = (policy: Partial<RetryPolicy>, attempt: Partial<FailedAttempt> = {}): boolean =>
  decide(policy, attempt).delayMs !== undefined

describe('decideRetry', () => {
  test('goes by each cause', () => {
    const ends = {error: exited(1), 3010: exited(3010), timeout: timedOut, 'worker-lost': lost, killed}
    const retried = (...on: RetryCause[]) => Object.entries(ends).flatMap(([name, end]) => (isRetried({on}, {end}) ? [name] : []))
    expect(retried('error')).toEqual(['3010', 'error', 'killed'])
    expect(retried('error', 'timeout')).toEqual(['3010', 'error', 'timeout', 'killed'])
    expect(retried('worker-lost')).toEqual(['worker-lost'])
    expect(retried(3010, 'timeout')).toEqual(['3010', 'timeout'])
    expect(Object.values(ends).every(end => isRetried({}, {end}))).toBe(true)
    expect(isRetried({not: ['error']}, {end: timedOut})).toBe(true)
    expect(isRetried({not: ['error']})).toBe(false)
  })

  test('never tries again after a success, a cancel, the end of the run, or the last attempt', () => {
    const ends: AttemptEnd[] = [
      succeeded,
      {status: 'cancelled', reason: 'cancelled'},
      {status: 'timed-out', reason: 'total-timeout', timeoutMs: 1},
      {status: 'failure', reason: 'no-worker', failedStarts: 3, message: ''}
    ]
    for (const end of ends) expect(isRetried({}, {end})).toBe(false)
    expect(isRetried({}, {number: 3})).toBe(false)
    expect(decide({on: [{match: 'x'}]}, {number: 3, printed: ['x']}).matched).toBeUndefined()
  })

  test('finds a text on either stream, also of an attempt that timed out, and tells what it has found', () => {
    const on: RetryCause[] = [500, {match: '429|Too Many Requests'}]
    expect(decide({on}, {printed: ['', 'status 429\n']})).toEqual({delayMs: 0, matched: {list: 'on', kind: 'match', text: '429'}})
    expect(decide({on}, {printed: ['too many requests', ''], end: timedOut}).matched?.text).toBe('too many requests')
    expect(decide({on}, {printed: ['status 430', '']})).toEqual({delayMs: undefined, matched: undefined})
    expect(decide({on: [{match: 'x+'}]}, {printed: ['x'.repeat(5000)]}).matched?.text).toBe(`${'x'.repeat(1000)}…`)
  })

  test.each([
    ['System.Net.Http.HttpRequestException', 'System.Net.Http.HttpRequestException'],
    ['system.net.http.httprequestexception', 'System.Net.Http.HttpRequestException'],
    ['Net.Http.HttpRequestException', 'System.Net.Http.HttpRequestException'],
    ['HttpRequestException', 'System.Net.Http.HttpRequestException'],
    ['System.Exception', 'System.Exception'],
    ['RequestException', undefined],
    ['System.Net.Http', undefined],
    ['webcmdletwebresponseexception', 'webcmdletwebresponseexception'],
    [webError.id, webError.id],
    ['InvokeRestMethodCommand', undefined]
  ])('knows an error by %s: %s', (exception, text) => {
    const {delayMs, matched} = decide({on: [{exception}]}, {error: webError})
    expect(matched).toEqual(text === undefined ? undefined : {list: 'on', kind: 'exception', text})
    expect(delayMs).toBe(text === undefined ? undefined : 0)
  })

  test('does not try again what `not` finds, whatever `on` finds', () => {
    const cause = fc.constantFrom<RetryCause>(
      'error',
      'timeout',
      'worker-lost',
      1,
      7,
      {match: 'quota'},
      {match: '429'},
      {exception: 'HttpRequestException'}
    )
    const end = fc.constantFrom(exited(1), exited(7), timedOut, lost, killed)
    const attempt = fc.record({
      end,
      printed: fc.array(fc.constantFrom('429', 'quota', 'other')),
      error: fc.constantFrom(webError, undefined)
    })
    fc.assert(
      fc.property(fc.option(fc.array(cause, {minLength: 1}), {nil: undefined}), fc.array(cause), attempt, (on, not, failed) => {
        const isFound = (causes: readonly RetryCause[]) => causes.length > 0 && isRetried({on: causes}, failed)
        expect(isRetried({on, not}, failed)).toBe(!isFound(not) && (on === undefined || isFound(on)))
        const {matched} = decide({on, not}, failed)
        if (matched !== undefined) expect(matched.list).toBe(isFound(not) ? 'not' : 'on')
      }),
      {numRuns: runs(500)}
    )
  })

  test('shortens a wait by chance to half of it at most, and none without `jitter`', () => {
    const policy = fc.record({
      delayMs: fc.integer({min: 0, max: 100_000}),
      backoff: fc.double({min: 1, max: 100, noNaN: true}),
      maxDelayMs: fc.oneof(fc.integer({min: 0, max: 1_000_000}), fc.constant(Number.POSITIVE_INFINITY))
    })
    fc.assert(
      fc.property(
        policy,
        fc.integer({min: 1, max: 100}),
        fc.double({min: 0, max: 1, maxExcluded: true, noNaN: true}),
        (given, number, chance) => {
          const whole = decide({...given, times: 100}, {number}).delayMs ?? -1
          const shortened = decide({...given, times: 100, jitter: true}, {number}, () => chance).delayMs ?? -1
          expect(shortened).toBeGreaterThanOrEqual(Math.floor(whole / 2))
          expect(shortened).toBeLessThanOrEqual(Math.ceil(whole))
          expect(shortened).toBe(Math.round(whole * (0.5 + chance / 2)))
        }
      ),
      {numRuns: runs(500)}
    )
  })
})
