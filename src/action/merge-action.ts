import {mkdirSync, mkdtempSync} from 'node:fs'
import path from 'node:path'
import {recordTimings} from '../history/timings-file.ts'
import {loadMergeSettings, type MergeInputSource, type MergeSettings} from '../inputs/merge-inputs.ts'
import {endSection} from '../log/end-section.ts'
import {workflowMarkup} from '../log/log-markup.ts'
import {plainLine} from '../log/log-text.ts'
import type {WriteLines} from '../log/log-writer.ts'
import {renderMergeRefusal, renderMergeRefusalPage} from '../log/refusal.ts'
import type {SummaryMode} from '../model/settings.ts'
import {writeRunFiles} from '../pages/run-files.ts'
import {runResult} from '../report/totals.ts'
import {count} from '../report/wording.ts'
import {closeReports, findReports} from '../shards/find-reports.ts'
import {type MergedRun, mergeReports} from '../shards/merge-reports.ts'
import {mergedCapture} from '../shards/merged-capture.ts'
import {publishNothing, publishRun, remarkLine, type StepEnvironment, warningLines} from './reporting.ts'

/** Everything `pwsh-pool/merge` takes from its process. */
export interface MergeHost {
  readonly inputs: MergeInputSource
  readonly environment: StepEnvironment
  /** Absolute; exists. The merged report stays there. */
  readonly temporaryFolder: string
  /** The step's log. */
  readonly write: WriteLines
}

/** Merges the reports of shards into one summary, one set of outputs, and one report of each kind. Resolves to the exit code. */
export async function runMergeAction(host: MergeHost): Promise<0 | 1> {
  const {inputs} = host
  const settings = loadMergeSettings(inputs)
  if (!settings.ok) return refuseMerge(settings.error, {summary: 'all', annotations: true}, host)
  const found = await findReports(settings.value.reports, inputs.workspace)
  if (!found.ok) return refuseMerge(found.error, settings.value, host)
  try {
    const merged = mergeReports(found.value)
    if (!merged.ok) return await refuseMerge(merged.error, settings.value, host)
    return await publishMerged(merged.value, found.value.length, settings.value, host)
  } finally {
    closeReports(found.value)
  }
}

async function publishMerged(merged: MergedRun, reports: number, settings: MergeSettings, host: MergeHost): Promise<0 | 1> {
  const {inputs, environment, write} = host
  const {annotations} = settings
  const {record, tails} = merged.run
  const style = {mask: same, markup: workflowMarkup}
  const start = `pwsh-pool merge: ${count(reports, 'report')}, ${count(record.tasks.length, 'task')}`
  await write(`${plainLine(start, style)}\n${endSection(record, {...style, tails, annotations: undefined, workspace: inputs.workspace})}`)
  mkdirSync(host.temporaryFolder, {recursive: true})
  const isWhole = await publishRun(merged.run, {
    ...settings,
    capture: {write: run => writeRunFiles(settings, mergedCapture({...merged, run}), run, {mask: same})},
    environment,
    write,
    mask: same,
    reportFile: path.join(mkdtempSync(path.join(host.temporaryFolder, 'pwsh-pool-merge-')), 'report.json'),
    platform: process.platform
  })
  const unrecorded = recordTimings(settings.timingsFile, record, same)
  if (unrecorded !== undefined) await write(`${remarkLine('notice', unrecorded, annotations)}\n`)
  return isWhole && runResult(record) === 'success' ? 0 : 1
}

// Reports are masked already.
const same = (text: string): string => text

interface RefusalSettings {
  readonly summary: SummaryMode
  readonly annotations: boolean
}

async function refuseMerge(mistakes: readonly string[], {summary, annotations}: RefusalSettings, host: MergeHost): Promise<1> {
  const page = summary === 'none' ? '' : renderMergeRefusalPage(mistakes)
  const warnings = publishNothing('failure', page, host.environment)
  const log = renderMergeRefusal(mistakes, {markup: workflowMarkup, annotates: annotations})
  await host.write([log, ...warningLines(warnings, annotations).map(line => `${line}\n`)].join(''))
  return 1
}
