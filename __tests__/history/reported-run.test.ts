import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {parseReport} from '../../src/history/read-report.ts'
import {runOf} from '../../src/history/reported-run.ts'
import {totalsLine} from '../../src/log/end-section.ts'
import {renderPage} from '../../src/pages/job-summary.ts'
import {renderJUnitReport} from '../../src/report/junit-report.ts'
import type {ReportedRun} from '../../src/report/masked-run.ts'
import {renderResults, renderRunReport} from '../../src/report/run-report.ts'
import {anyRun} from '../support/any-run.ts'
import {runs} from '../support/runs.ts'

function readBack(json: string): ReportedRun {
  const report = parseReport(json)
  if (!report.ok) throw new Error(report.error)
  const run = runOf(report.value)
  if (!run.ok) throw new Error(run.error)
  return run.value
}

describe('runOf', () => {
  test('gives back a run from which every report is rendered as it was', () => {
    fc.assert(
      fc.property(anyRun, run => {
        const json = renderRunReport(run)
        const back = readBack(json)
        expect(renderRunReport(back)).toBe(json)
        expect(renderJUnitReport(back)).toBe(renderJUnitReport(run))
        expect(renderPage(back, 'all')).toBe(renderPage(run, 'all'))
        expect(renderResults(back.record)).toEqual(renderResults(run.record))
        expect(totalsLine(back.record)).toBe(totalsLine(run.record))
      }),
      {numRuns: runs(200)}
    )
  })
})
