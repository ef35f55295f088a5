import {type InputMistake, type InputSource, loadSettings} from '../inputs/load-settings.ts'
import {type Complaint, scriptComplaint} from '../log/refusal.ts'
import {failure, type Result, success} from '../model/result.ts'
import {selectableNames, selectTasks} from '../model/select-tasks.ts'
import type {ListSource, Settings} from '../model/settings.ts'
import type {Task} from '../model/task.ts'
import {unreachable} from '../model/unreachable.ts'
import type {FailureTails} from '../report/failure-tails.ts'
import type {Refusal} from '../run.ts'
import {decodeList} from '../task-list/source/list-files.ts'
import {type Mistake, renderMistake} from '../task-list/source/mistakes.ts'
import {didYouMean} from '../text/nearest.ts'
import {quoted} from '../text/quoted.ts'
import type {CommandLine} from './command-line.ts'

/** The surroundings in which the command is called. */
export interface RequestContext extends Pick<InputSource, 'processors'> {
  /** The current folder, absolute. */
  readonly folder: string
  /** Reads standard input to its end. */
  readonly readStandardInput: () => Promise<Uint8Array>
}

/** Reads the options as settings. The error lists every mistake. */
export async function readSettings(
  line: Pick<CommandLine, 'files' | 'read'>,
  context: RequestContext
): Promise<Result<Settings, readonly Complaint[]>> {
  const {folder, processors} = context
  const list = await listSource(line, context)
  if (!list.ok) return failure([{text: list.error}])
  const settings = loadSettings({read: line.read, list: list.value, workspace: folder, processors})
  if (!settings.ok) return failure(settings.error.map(optionComplaint))
  // A terminal has no page on which annotations could be shown.
  return success({...settings.value, annotations: false})
}

const mistakeComplaint = (mistake: Mistake): Complaint => ({
  text: renderMistake({...mistake, excerpt: undefined}),
  excerpt: mistake.excerpt
})

/** The messages for a refusal. */
export function refusalComplaints(refusal: Refusal, tails: FailureTails): readonly Complaint[] {
  switch (refusal.reason) {
    case 'no-list':
      // Messages about arguments need no position.
      return [...refusal.mistakes.map(({message}) => ({text: message})), ...refusal.inFiles.map(mistakeComplaint)]
    case 'wrong-list':
      return refusal.mistakes.map(mistakeComplaint)
    case 'no-powershell':
      return refusal.messages.map(text => ({text}))
    case 'script':
      return [scriptComplaint(refusal.script, tails)]
    case 'internal':
      return [{text: refusal.message}]
    default:
      return unreachable(refusal)
  }
}

/** Where the list comes from; `undefined` if an option gives it. */
async function listSource(
  {files}: Pick<CommandLine, 'files'>,
  {readStandardInput}: RequestContext
): Promise<Result<ListSource | undefined, string>> {
  if (files.length === 0) return success(undefined)
  if (files.length > 1 || files[0] !== '-') return success({kind: 'files', source: 'FILE', patterns: files})
  const text = decodeList(await readStandardInput(), 'standard input')
  return text.ok ? success({kind: 'inline', source: 'standard input', text: text.value}) : text
}

const optionComplaint = ({input, message}: InputMistake): Complaint => ({text: `--${input}: ${message}`})

/** Selects the requested tasks. The error names those that do not exist. */
export function chooseTasks(tasks: readonly Task[], {only: names, withNeeds}: CommandLine): Result<readonly Task[], readonly Complaint[]> {
  if (names.length === 0) return success(tasks)
  const {tasks: chosen, unknown} = selectTasks(tasks, {names, withNeeds})
  if (unknown.length === 0) return success(chosen)
  return failure(
    unknown.map(name => ({
      text: `--only: no task has the name or id ${quoted(name)}${didYouMean(name, selectableNames(tasks)) || '; --list prints them'}`
    }))
  )
}
