import {plainLine} from '../log/log-text.ts'
import type {WriteLines} from '../log/log-writer.ts'
import {type Complaint, renderRefusal} from '../log/refusal.ts'
import type {TaskLog} from '../log/task-log.ts'
import type {Mask} from '../report/masked-run.ts'
import type {Refusal} from '../run.ts'
import type {PlanNote} from '../shards/plan-tasks.ts'
import type {ExitCode} from './exit-code.ts'
import {refusalComplaints} from './request.ts'
import {colorsFor} from './terminal/colors.ts'
import {plainMarkup} from './terminal/plain-markup.ts'

/** Where the command prints errors. */
export interface ErrorTarget {
  readonly writeError: WriteLines
}

/** Prints why nothing was run. */
export async function refuse(complaints: readonly Complaint[], {writeError}: ErrorTarget, mask?: Mask): Promise<ExitCode> {
  await writeError(renderRefusal(complaints, {markup: plainMarkup(colorsFor(false)), annotates: false, mask}))
  return 2
}

/** Prints why a list was not read or run. */
export async function refuseRun(refusal: Refusal, {tails, mask}: Pick<TaskLog, 'tails' | 'mask'>, target: ErrorTarget): Promise<ExitCode> {
  await refuse(refusalComplaints(refusal, tails), target, mask)
  if (refusal.reason === 'internal') return 1
  return refusal.reason === 'script' && refusal.script.verdict.reason === 'cancelled' ? 130 : 2
}

/** Prints the remarks about a plan: lines with `write`, notices and warnings on standard error. */
export async function printNotes(notes: readonly PlanNote[], write: WriteLines, mask: Mask, {writeError}: ErrorTarget): Promise<void> {
  const shown = (text: string) => `${plainLine(text, {mask, markup: plainMarkup(colorsFor(false))})}\n`
  for (const {type, text} of notes) await (type === 'line' ? write(shown(text)) : writeError(shown(`${type}: ${text}`)))
}
