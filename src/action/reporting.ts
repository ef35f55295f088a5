import {appendFileSync} from 'node:fs'
import {setOutput} from '@actions/core'
import {type MergedChanges, mergeChanges} from '../file-commands/merge-changes.ts'
import {appendToStepFiles} from '../file-commands/step-files.ts'
import {workflowMarkup} from '../log/log-markup.ts'
import {plainLine} from '../log/log-text.ts'
import {annotationLimit, type WriteText} from '../log/step-log.ts'
import type {RunRecord} from '../model/event.ts'
import type {SummaryMode} from '../model/settings.ts'
import {noChanges, type TaskChanges} from '../model/task-changes.ts'
import {changesOf} from '../model/verdict.ts'
import {objectPreview} from '../objects/object-preview.ts'
import {objectSources} from '../objects/object-rows.ts'
import {publishObjects} from '../objects/published-objects.ts'
import {renderPage, summaryBudget} from '../pages/job-summary.ts'
import {type PagePlace, pageNote} from '../pages/page-note.ts'
import type {RunCapture} from '../pages/run-capture.ts'
import {type Mask, maskedRun, type ReportedRun} from '../report/masked-run.ts'
import {type ReportFiles, writeReports} from '../report/report-files.ts'
import {renderResults} from '../report/run-report.ts'
import {countByStatus, flakyTasks, type RunResult, runResult, speedUp, wallMs} from '../report/totals.ts'
import {unwritten} from '../system/write-file.ts'
import {describeFault} from '../text/bug.ts'
import {quoted, quotedList} from '../text/quoted.ts'
import {workflowCommand} from '../workflow-commands/workflow-command.ts'

/** The environment of this process, whose `GITHUB_*` variables name the files that the runner will read. */
export type StepEnvironment = Readonly<Record<string, string | undefined>>

/** Where the reports of a run go. */
export interface ReportTargets extends ReportFiles, PagePlace {
  /** The step's log. */
  readonly write: WriteText
  /** Replaces secret values. */
  readonly mask: Mask
  /** Absolute path of the JSON report. */
  readonly reportFile: string
  /** Writes the files that contain logs, if any is requested. */
  readonly capture?: Pick<RunCapture, 'write'> | undefined
  readonly summary: SummaryMode
  /** Absolute path of the file for the tasks' objects. */
  readonly objectsFile?: string | undefined
  /** Whether warnings are annotations; default: yes. */
  readonly annotations?: boolean | undefined
  readonly environment: StepEnvironment
  readonly platform: NodeJS.Platform
  /** The changes that `setup-once` made for the step. */
  readonly setUp?: TaskChanges | undefined
  /** A sentence about a fault that no reader has reported yet. */
  readonly unreported?: string | undefined
}

/**
 * Merges the file commands of the tasks into those of the step, sets the outputs, and writes the summary and the reports. Data for later steps comes
 * first, in case this process is killed. A file that cannot be written is a warning and does not change the verdict. A part that cannot be rendered
 * is a bug: it is left out and reported as an error, and the promise resolves to `false`.
 */
export async function publishRun(unmasked: ReportedRun, targets: ReportTargets): Promise<boolean> {
  const {record} = unmasked
  const {mask, reportFile, environment, platform, unreported, annotations = true, setUp = noChanges} = targets
  const faults: string[] = []
  const faultOf = (error: unknown): readonly string[] => {
    faults.push(describeFault(error))
    return []
  }
  const rendered = <T>(render: () => T, otherwise: T): T => {
    try {
      return render()
    } catch (error) {
      faults.push(describeFault(error))
      return otherwise
    }
  }
  const sources = objectSources(record.tasks)
  const run = {...maskedRun(unmasked, mask), objects: rendered(() => objectPreview(sources, mask), undefined)}
  const {json, leftOut} = rendered(() => renderResults(run.record), {json: '[]', leftOut: undefined})
  const {summary} = targets
  const page =
    summary === 'none' || !environment.GITHUB_STEP_SUMMARY
      ? ''
      : rendered(() => renderPage(run, summary, pageNote(targets, environment)), '')
  const outputs = ownOutputs(record, json, reportFile)
  const merged = rendered(
    () =>
      mergedChanges(
        unmasked,
        run.record,
        {...setUp, summary: mask(setUp.summary)},
        {
          platform,
          reservedOutputs: new Set(Object.keys(outputs)),
          summaryBudget: summaryBudget - Buffer.byteLength(page) - 1
        }
      ),
    undefined
  )
  const result = faults.length > 0 ? {result: 'failure'} : {}
  const warnings = [
    ...(leftOut === undefined ? [] : [`The output "results" leaves out ${leftOut} for its size; the file in "report-path" has all`]),
    ...(merged?.warnings ?? []),
    ...unwritten('The outputs', () => setOutputs({...outputs, ...result}, environment)),
    ...unwritten('The job summary', () => addToSummary(page, environment)),
    ...(merged === undefined ? [] : rendered(() => appendToStepFiles(merged, {environment, platform}), [])),
    ...rendered(() => writeReports(run, targets), []),
    ...(await Promise.resolve(targets.capture?.write(run) ?? []).catch(faultOf)),
    ...rendered(() => publishObjects(sources, targets.objectsFile, mask), [])
  ]
  const lines = [
    ...[...(unreported === undefined ? [] : [unreported]), ...faults].map(text => faultLine(mask(text), annotations)),
    ...warningLines(warnings.map(mask), annotations)
  ]
  if (lines.length > 0) await targets.write(`${lines.join('\n')}\n`)
  return faults.length === 0
}

/** The merged changes of all tasks. Values are passed on verbatim; texts that are displayed are masked. */
function mergedChanges(
  {record, maskedOutputs}: ReportedRun,
  masked: RunRecord,
  setUp: TaskChanges,
  options: Parameters<typeof mergeChanges>[1]
): MergedChanges {
  const withheld: string[] = []
  const changed = masked.tasks.map((shown, i) => {
    const {summary} = changesOf(shown)
    const own = record.tasks[i] ?? shown
    const changes = changesOf(own)
    // A run that was read from a report contains no secrets.
    const secret = maskedOutputs?.get(own.task) ?? []
    if (secret.length === 0) return {name: shown.task.name, changes: {...changes, summary}}
    withheld.push(
      `No report has secrets, so what the task ${quoted(shown.task.name)} wrote to ${quotedList(secret)} is no output of this step`
    )
    const outputs = new Map([...changes.outputs].filter(([name]) => !secret.includes(name)))
    return {name: shown.task.name, changes: {...changes, outputs, summary}}
  })
  const merged = mergeChanges([{name: 'setup-once', changes: setUp}, ...changed], options)
  return {...merged, warnings: [...withheld, ...merged.warnings]}
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
    kept: counts.kept,
    flaky: flakyTasks(record).length,
    'duration-ms': wallMs(record),
    speedup: Number(speedUp(record).toFixed(2)),
    'report-path': reportFile
  }
}

// Without GITHUB_OUTPUT, `setOutput` prints a command, but only one writer may write to the log.
function setOutputs(outputs: Readonly<Record<string, string | number>>, {GITHUB_OUTPUT}: StepEnvironment): void {
  if (!GITHUB_OUTPUT) return
  for (const [name, value] of Object.entries(outputs)) setOutput(name, value)
}

function addToSummary(page: string, {GITHUB_STEP_SUMMARY}: StepEnvironment): void {
  if (GITHUB_STEP_SUMMARY) appendFileSync(GITHUB_STEP_SUMMARY, page)
}

/**
 * Sets the outputs of a step that ran no task, and adds `page` to the summary unless it is blank. Returns a sentence for each file that could not be
 * written.
 */
export function publishNothing(result: RunResult, page: string, environment: StepEnvironment): readonly string[] {
  const none = {results: '[]', total: 0, succeeded: 0, failed: 0, cancelled: 0, skipped: 0, kept: 0, flaky: 0, 'duration-ms': 0, speedup: 1}
  return [
    ...unwritten('The outputs', () => setOutputs({result, ...none}, environment)),
    ...unwritten('The job summary', () => addToSummary(page, environment))
  ]
}

/** Overwrites the outputs with a failure. Returns a sentence for each file that could not be written. */
export function publishFault(environment: StepEnvironment): readonly string[] {
  return unwritten('The outputs', () => setOutputs({result: 'failure'}, environment))
}

/** The log line for a fault. `text` is masked. */
export function faultLine(text: string, annotates: boolean): string {
  if (annotates) return workflowCommand('error', text, {title: 'pwsh-pool'})
  return plainLine(`Error: ${text}`, {mask: same => same, markup: workflowMarkup})
}

// The runner keeps ten annotations of a type; further warnings are plain text.
/** One log line for each warning, as an annotation while the runner keeps them. */
export function warningLines(warnings: readonly string[], annotates: boolean): readonly string[] {
  return warnings.map((warning, position) => remarkLine('warning', warning, annotates && position < annotationLimit))
}

/** The log line for a remark. `text` is masked. */
export function remarkLine(type: 'line' | 'notice' | 'warning', text: string, annotates: boolean): string {
  if (annotates && type !== 'line') return workflowCommand(type, text)
  const start = {line: '', notice: 'Notice: ', warning: 'Warning: '}[type]
  return plainLine(`${start}${text}`, {mask: same => same, markup: workflowMarkup})
}
