import path from 'node:path'
import {type InputMistake, type InputSource, loadSettings} from '../inputs/load-settings.ts'
import {didYouMean} from '../nearest.ts'
import {selectableNames, selectTasks} from '../plan/select-tasks.ts'
import {quoted} from '../quoted.ts'
import type {Complaint} from '../report/refusal.ts'
import {failure, type Result, success} from '../result.ts'
import {type Refusal, readTasks} from '../run.ts'
import type {ListSource, Settings} from '../settings.ts'
import type {Task} from '../task.ts'
import {renderMistake} from '../task-list/mistakes.ts'
import {unreachable} from '../unreachable.ts'
import type {CommandLine} from './command-line.ts'

/** Where a command is given. */
export interface RequestContext extends Pick<InputSource, 'processors'> {
  /** The current folder, absolute. */
  readonly folder: string
  /** Reads standard input to its end. */
  readonly readStandardInput: () => Promise<string>
}

/** What is to be run, or printed. */
export interface Request {
  readonly settings: Settings
  readonly tasks: readonly Task[]
  /** Where the summary page goes, absolute. */
  readonly summary: string | undefined
}

/** Works out what the command is asked for. The error holds all that is wrong with its options, or else with the list. */
export async function readRequest(line: CommandLine, context: RequestContext): Promise<Result<Request, readonly Complaint[]>> {
  const {read, summary} = line
  const {folder, processors} = context
  const settings = loadSettings({read, list: await listSource(line, context), workspace: folder, processors})
  if (!settings.ok) return failure(settings.error.map(optionComplaint))
  // Annotations are for a page on which they can be shown.
  const unannotated = {...settings.value, annotations: false}
  const tasks = readTasks(unannotated)
  if (!tasks.ok) return failure(refusalComplaints(tasks.error))
  const chosen = chooseTasks(tasks.value, line)
  if (!chosen.ok) return chosen
  return success({
    settings: unannotated,
    tasks: chosen.value,
    summary: summary === undefined ? undefined : path.resolve(folder, summary)
  })
}

/** What is said of a run that was refused. */
export function refusalComplaints(refusal: Refusal): readonly Complaint[] {
  switch (refusal.reason) {
    case 'no-list':
      // Which of a command's words is meant needs no telling.
      return refusal.mistakes.map(({message}) => ({text: message}))
    case 'wrong-list':
      return refusal.mistakes.map(mistake => ({text: renderMistake({...mistake, excerpt: undefined}), excerpt: mistake.excerpt}))
    case 'no-powershell':
      return refusal.messages.map(text => ({text}))
    default:
      return unreachable(refusal)
  }
}

async function listSource({files}: CommandLine, {readStandardInput}: RequestContext): Promise<ListSource> {
  if (files.length === 1 && files[0] === '-') return {kind: 'inline', source: 'standard input', text: await readStandardInput()}
  return {kind: 'files', source: 'FILE', patterns: files}
}

const optionComplaint = ({input, message}: InputMistake): Complaint => ({text: `--${input}: ${message}`})

function chooseTasks(tasks: readonly Task[], {only: names, withNeeds}: CommandLine): Result<readonly Task[], readonly Complaint[]> {
  if (names.length === 0) return success(tasks)
  const {tasks: chosen, unknown} = selectTasks(tasks, {names, withNeeds})
  if (unknown.length === 0) return success(chosen)
  return failure(
    unknown.map(name => ({
      text: `--only: no task has the name or id ${quoted(name)}${didYouMean(name, selectableNames(tasks)) || '; --list prints them'}`
    }))
  )
}
