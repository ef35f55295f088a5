import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {parseReport} from '../../src/history/read-report.ts'
import {runOf} from '../../src/history/reported-run.ts'
import {endSection, totalsLine} from '../../src/log/end-section.ts'
import {workflowMarkup} from '../../src/log/log-markup.ts'
import {renderPage} from '../../src/pages/job-summary.ts'
import {renderJUnitReport} from '../../src/report/junit-report.ts'
import type {ReportedRun} from '../../src/report/masked-run.ts'
import {renderResults, renderRunReport} from '../../src/report/run-report.ts'
import {anyRun} from '../support/any-run.ts'
import {runnerCommand, runnerLines} from '../support/runner-commands.ts'
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

  test('lets no text of a report that was changed be a command to the runner, wherever it stands', () => {
    const hostile = fc
      .constantFrom('\n', '\r', '\r\n', '\u2028')
      .map(end => `x${end}::error::y${end}##[error]z${end}::set-output name=a::b`)
    fc.assert(
      fc.property(anyRun, hostile, (run, text) => {
        const changed = JSON.parse(renderRunReport(run), (name, value) => (open.has(name) ? openly(value, text) : value))
        const report = parseReport(JSON.stringify(changed))
        const back = report.ok ? runOf(report.value) : report
        if (!back.ok) return
        const {record, tails} = back.value
        const log = endSection(record, {mask: same => same, markup: workflowMarkup, tails, annotations: undefined, workspace: '/work'})
        expect(runnerLines(log).filter(line => runnerCommand(line) !== undefined)).toEqual([])
      }),
      {numRuns: runs(200)}
    )
  })
})

/** The properties of a report that may have any text. */
const open = new Set(['name', 'error', 'message', 'signal', 'matched', 'lastLines', 'summary', 'file', 'version', 'repository', 'commit'])

const openly = (value: unknown, text: string): unknown =>
  Array.isArray(value) ? [...value, text, text] : typeof value === 'string' ? text : value
