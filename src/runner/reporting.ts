import {appendFileSync, writeFileSync} from 'node:fs'
import {setOutput} from '@actions/core'
import type {RunRecord} from '../event.ts'
import {type MergedChanges, mergeChanges} from '../file-command/merge-changes.ts'
import {appendToStepFiles} from '../file-command/step-files.ts'
import type {FailureTails} from '../report/failure-tails.ts'
import {renderJobSummary, summaryBudget} from '../report/job-summary.ts'
import {renderResults, renderRunReport} from '../report/run-report.ts'
import {annotationLimit, type WriteText} from '../report/step-log.ts'
import {countByStatus, runResult, speedUp, wallMs} from '../report/totals.ts'
import {workflowCommand} from '../workflow-command.ts'

/** Where the reports of a run go. */
export interface ReportTargets {
  /** The step's log. */
  readonly write: WriteText
  /** Absolute path of the JSON report. */
  readonly reportFile: string
  /** The environment of the step, which names the files that the runner will read. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
}

/**
 * Writes the report and the summary, sets the outputs, and hands on what the tasks asked for in their own files. What cannot be written is a
 * warning; the verdict of the run stands.
 */
export async function publishRun(record: RunRecord, tails: FailureTails, targets: ReportTargets): Promise<void> {
  const {reportFile, environment, platform} = targets
  const {json, leftOut} = renderResults(record)
  const outputs = ownOutputs(record, json, reportFile)
  const page = environment.GITHUB_STEP_SUMMARY ? renderJobSummary(record, tails) : ''
  const merged = mergedChanges(record, {
    platform,
    reservedOutputs: new Set(Object.keys(outputs)),
    summaryBudget: summaryBudget - Buffer.byteLength(page) - 1
  })
  const warnings = [
    ...(leftOut === undefined ? [] : [`The output "results" leaves out ${leftOut} for its size; the file in "report-path" has all`]),
    ...merged.warnings,
    ...failures('The report', () => writeFileSync(reportFile, renderRunReport(record))),
    ...failures('The job summary', () => environment.GITHUB_STEP_SUMMARY && appendFileSync(environment.GITHUB_STEP_SUMMARY, page)),
    ...failures('The outputs', () => setOutputs(outputs)),
    ...appendToStepFiles(merged, {environment, platform})
  ]
  if (warnings.length > 0) await targets.write(`${warningLines(warnings).join('\n')}\n`)
}

function mergedChanges(record: RunRecord, options: Parameters<typeof mergeChanges>[1]): MergedChanges {
  const changed = record.tasks.flatMap(({task, attempts}) => {
    const changes = attempts.at(-1)?.changes
    return changes === undefined ? [] : [{name: task.name, changes}]
  })
  return mergeChanges(changed, options)
}

function ownOutputs(record: RunRecord, results: string, reportFile: string): Readonly<Record<string, string | number>> {
  const counts = countByStatus(record.tasks)
  return {
    result: runResult(record),
    results,
    total: record.tasks.length,
    succeeded: counts.success,
    failed: counts.failure + counts['timed-out'],
    cancelled: counts.cancelled,
    skipped: counts.skipped,
    'duration-ms': wallMs(record),
    speedup: Number(speedUp(record).toFixed(2)),
    'report-path': reportFile
  }
}

function setOutputs(outputs: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(outputs)) setOutput(name, value)
}

function failures(what: string, action: () => void): readonly string[] {
  try {
    action()
    return []
  } catch (error) {
    return [`${what} could not be written: ${(error as Error).message}`]
  }
}

// The runner keeps no more annotations of a type than this; all the others are text.
function warningLines(warnings: readonly string[]): readonly string[] {
  return warnings.map((warning, position) => (position < annotationLimit ? workflowCommand('warning', warning) : `Warning: ${warning}`))
}
