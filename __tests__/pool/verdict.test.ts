import {afterEach, beforeEach, describe, expect, jest, test} from '@jest/globals'
import fc from 'fast-check'
import {colorsFor} from '../../src/cli/terminal/colors.ts'
import {plainMarkup} from '../../src/cli/terminal/plain-markup.ts'
import {endSection} from '../../src/log/end-section.ts'
import type {RunRecord, TaskRecord} from '../../src/model/event.ts'
import {EventStream} from '../../src/model/event-stream.ts'
import {noRetry} from '../../src/model/settings.ts'
import type {Task} from '../../src/model/task.ts'
import {renderJobSummary} from '../../src/pages/job-summary.ts'
import {Pool} from '../../src/pool/pool.ts'
import {renderJUnitReport} from '../../src/report/junit-report.ts'
import {renderRunReport} from '../../src/report/run-report.ts'
import {runResult} from '../../src/report/totals.ts'
import {CommandedAttempts, settled} from '../support/commanded-attempts.ts'
import {planOf} from '../support/create-record.ts'
import {createTasks} from '../support/create-task.ts'
import {runs} from '../support/runs.ts'

const totalTimeoutMs = 10_000

const lists = fc
  .array(
    fc.record({
      needs: fc.uniqueArray(fc.nat(), {maxLength: 2, selector: need => need}),
      when: fc.constantFrom('success' as const, 'success' as const, 'failure' as const, 'always' as const),
      continueOnError: fc.boolean(),
      times: fc.constantFrom(0, 0, 1),
      delayMs: fc.constantFrom(0, 60_000)
    }),
    {minLength: 1, maxLength: 8}
  )
  .map(entries =>
    createTasks(
      ...entries.map(({needs, when, continueOnError, times, delayMs}, index) => {
        const earlier = index === 0 ? [] : [...new Set(needs.map(need => need % index))]
        return {
          needs: earlier,
          when: earlier.length === 0 ? ('success' as const) : when,
          continueOnError,
          retry: {...noRetry, times, delayMs}
        }
      })
    )
  )

/** What happens next: to one of the tasks that run, or to the run. */
const happenings = fc.oneof(
  {weight: 8, arbitrary: fc.constantFrom('success', 'success', 'success', 'failure', 'crash')},
  {weight: 1, arbitrary: fc.constantFrom('no worker', 'cancel', 'total timeout', 'wait')}
)

const settings = fc.record({
  maxParallel: fc.integer({min: 1, max: 3}),
  failFast: fc.constantFrom('false' as const, 'no-new' as const, 'true' as const)
})

/** What stopped a run, as the test knows it that did it. */
interface Stops {
  signals: number
  limits: number
}

/** Runs the list through a pool; what happens is chosen by the test. */
async function runList(
  tasks: readonly Task[],
  options: {readonly maxParallel: number; readonly failFast: 'false' | 'no-new' | 'true'},
  choices: Iterator<[number, string]>
): Promise<{readonly record: RunRecord; readonly stops: Stops}> {
  const attempts = new CommandedAttempts()
  const pool = new Pool(
    tasks,
    {...options, plan: planOf(tasks), powershells: [], minParallel: 0, totalTimeoutMs, workforce: attempts},
    new EventStream([])
  )
  const stops: Stops = {signals: 0, limits: 0}
  let record: RunRecord | undefined
  void pool.run().then(done => {
    record = done
  })
  for (await settled(); record === undefined; await settled()) {
    const [which, what] = choices.next().value as [number, string]
    const attempt = attempts.running[which % Math.max(1, attempts.running.length)]
    if (what === 'cancel') {
      stops.signals++
      pool.cancel()
    } else if (what === 'total timeout') {
      if (stops.signals === 0) stops.limits++
      jest.advanceTimersByTime(totalTimeoutMs)
    } else if (attempt === undefined || what === 'wait') {
      // A delay that ends after the total timeout is none that the run waits for.
      if (stops.signals === 0 && jest.getTimerCount() > 0) stops.limits++
      jest.advanceTimersByTime(60_000)
    } else if (attempt.asked !== 'nothing' || what === 'crash') await attempt.complete({reason: 'killed', signal: 'SIGINT'})
    else if (what === 'no worker') {
      stops.limits++
      await attempt.complete({reason: 'no-worker', failedStarts: 3, message: 'it crashed'})
    } else await attempt.exit(what === 'success' ? 0 : 1)
  }
  return {record, stops}
}

/** Product.md, section 8, word by word: what makes a run green. */
function isGreen({tasks}: RunRecord, {signals, limits}: Stops): boolean {
  const isSparedByWhen = ({task, verdict}: TaskRecord): boolean =>
    verdict.reason === 'no-need-failed' ||
    (verdict.reason === 'need-did-not-succeed' &&
      task.needs.some(({tasks: needed}) => needed.some(index => tasks[index] !== undefined && isSparedByWhen(tasks[index]))))
  const isFine = (record: TaskRecord): boolean => {
    const {task, verdict} = record
    const hasFailedByItself = ['exit-code', 'killed', 'timeout', 'not-started', 'wrong-file'].includes(verdict.reason)
    return verdict.status === 'success' || (hasFailedByItself && task.continueOnError) || isSparedByWhen(record)
  }
  return signals === 0 && limits === 0 && tasks.every(isFine)
}

describe('the verdict of a run', () => {
  beforeEach(() => {
    jest.useFakeTimers({now: 1_000_000})
  })

  afterEach(() => {
    jest.useRealTimers()
  })

  test('is green exactly if nothing stopped the run and every task that had to run ran, and all reports agree', async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(lists, settings, fc.infiniteStream(fc.tuple(fc.nat(), happenings)), async (tasks, options, choices) => {
        const {record, stops} = await runList(tasks, options, choices as Iterator<[number, string]>)
        const result = stops.signals > 0 ? 'cancelled' : isGreen(record, stops) ? 'success' : 'failure'
        seen.add(`${result} ${stops.limits > 0}`)
        expect(runResult(record)).toBe(result)
        const run = {record, tails: new Map()}
        expect(JSON.parse(renderRunReport({record, tails: new Map()}))).toMatchObject({result, limit: record.limit?.reason ?? null})
        const sign = {success: '✅', failure: '❌', cancelled: '⛔'}[result]
        expect(renderJobSummary(run)).toMatch(new RegExp(`^## ${sign} `))
        const [, failures, errors] = /failures="(\d+)" errors="(\d+)"/.exec(renderJUnitReport(run)) ?? []
        expect(Number(failures) + Number(errors) > 0).toBe(result !== 'success')
        const log = endSection(record, {
          tails: new Map(),
          annotations: undefined,
          workspace: '/repo',
          mask: text => text,
          markup: plainMarkup(colorsFor(false))
        })
        if (result !== 'cancelled') expect(/^✗ /m.test(log)).toBe(result === 'failure')
      }),
      {numRuns: runs(300)}
    )
    expect([...seen].sort()).toEqual(['cancelled false', 'cancelled true', 'failure false', 'failure true', 'success false'])
  })

  test('names the limit that was reached where no task has failed for it', async () => {
    const [only] = createTasks({continueOnError: true, retry: {...noRetry, times: 1, delayMs: 60_000}})
    if (only === undefined) throw new Error('no task')
    const choices: [number, string][] = [
      [0, 'failure'],
      [0, 'total timeout']
    ]
    const {record} = await runList([only], {maxParallel: 1, failFast: 'false'}, choices[Symbol.iterator]())
    expect(record.tasks.map(({verdict}) => verdict.reason)).toEqual(['exit-code'])
    expect(runResult(record)).toBe('failure')
    const run = {record, tails: new Map()}
    expect(renderJobSummary(run)).toMatch(/^## ❌ Stopped, 1 task, 1 done\n/)
    expect(renderJobSummary(run)).toContain('\n❌ the run was stopped&#58; the total timeout of 10 s was over\n')
    expect(renderJUnitReport(run)).toContain(
      '<error message="the run was stopped: the total timeout of 10 s was over" type="total-timeout">'
    )
  })
})
