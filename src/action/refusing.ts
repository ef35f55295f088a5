import type {InputName} from '../inputs/input-table.ts'
import {workflowMarkup} from '../log/log-markup.ts'
import type {WriteLines} from '../log/log-writer.ts'
import {type Complaint, renderRefusal, renderRefusalPage, scriptComplaint} from '../log/refusal.ts'
import type {TaskRecord} from '../model/event.ts'
import type {SummaryMode} from '../model/settings.ts'
import {unreachable} from '../model/unreachable.ts'
import type {FailureTails} from '../report/failure-tails.ts'
import type {Mask} from '../report/masked-run.ts'
import type {Refusal} from '../run.ts'
import {type Mistake, renderMistake} from '../task-list/source/mistakes.ts'
import {publishNothing, type StepEnvironment, warningLines} from './reporting.ts'

/** Where a refusal is reported. */
export interface RefusalTargets {
  /** The step's log. */
  readonly write: WriteLines
  /** Replaces secret values. */
  readonly mask: Mask
  /** `true` to print complaints and warnings as annotations. */
  readonly annotates: boolean
  readonly summary: SummaryMode
  readonly environment: StepEnvironment
  /** Whether a signal has arrived. */
  readonly isCancelled: boolean
}

/** Reports why nothing was run: in the log, on the summary page, and in the outputs. */
export async function refuse(complaints: readonly Complaint[], targets: RefusalTargets): Promise<void> {
  const {write, mask, annotates, summary, environment, isCancelled} = targets
  const page = summary === 'none' ? '' : renderRefusalPage(complaints, isCancelled, mask)
  const warnings = publishNothing(isCancelled ? 'cancelled' : 'failure', page, environment)
  const text = renderRefusal(complaints, {markup: workflowMarkup, annotates: annotates && !isCancelled, mask})
  await write([text, ...warningLines(warnings.map(mask), annotates).map(line => `${line}\n`)].join(''))
}

/** The messages for a refusal. A script that was cancelled is not at fault. */
export function refusalComplaints(refusal: Refusal, tails: FailureTails, isCancelled: boolean): readonly Complaint[] {
  switch (refusal.reason) {
    case 'no-list':
      return [...refusal.mistakes, ...refusal.inFiles].map(mistakeComplaint)
    case 'wrong-list':
      return refusal.mistakes.map(mistakeComplaint)
    case 'no-powershell':
      return refusal.messages.map(text => ({text}))
    case 'script':
      return isCancelled ? [{text: cancelText(refusal.script)}] : [scriptComplaint(refusal.script, tails)]
    case 'internal':
      return [{text: refusal.message}]
    default:
      return unreachable(refusal)
  }
}

const cancelText = ({task}: TaskRecord): string =>
  `The run was cancelled before its ${task.name === ('setup-once' satisfies InputName) ? 'tasks began' : 'list was made'}.`

function mistakeComplaint(mistake: Mistake): Complaint {
  const {file, line, column} = mistake.place
  const properties = file === undefined ? {} : {file, line, col: column}
  return {text: renderMistake({...mistake, excerpt: undefined}), excerpt: mistake.excerpt, properties}
}
