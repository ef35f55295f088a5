import type {EventReader, PoolEvent, PowerShell, RunRecord, TaskRecord} from '../event.ts'
import {withoutCommands, workflowCommand} from '../workflow-command.ts'
import type {FailureTails} from './failure-tails.ts'
import {outputLines, textLines} from './output-lines.ts'
import {failedTasks, speedUp, sumOfTaskMs, taskMs, wallMs} from './totals.ts'
import {attemptText, attemptTitle, count, countsText, duration, exactDuration, joined, skippedTitle, verdictText} from './wording.ts'

/** Takes text of whole lines; resolves when more may come. */
export type WriteText = (text: string) => Promise<void>

/** How many annotations of one type the runner keeps of a step. Source: actions/runner, ExecutionContext.cs. */
export const annotationLimit = 10

type AttemptEnded = Extract<PoolEvent, {type: 'attempt-ended'}>

/** What is written at once at most, in UTF-16 units. */
const batchSize = 64 * 1024

/**
 * The log of the step: every attempt's output as one block when it ends, then all failures once more, outside the blocks, so that nobody
 * has to look for them. Nothing that a task prints can be a workflow command here.
 */
export function stepLog(write: WriteText, tails: FailureTails): EventReader {
  return async event => {
    switch (event.type) {
      case 'run-started':
        return write(`${startLine(event.tasks.length, event.maxParallel, event.powershells)}\n`)
      case 'worker-booted':
        return writeBlock(write, 'modules and setup', textLines(event.text))
      case 'attempt-started':
        return
      case 'attempt-ended': {
        await writeBlock(write, attemptTitle(event.task, event.attempt), attemptLines(event))
        if (event.retryInMs !== undefined) await write(`${retryLine(event)}\n`)
        return
      }
      case 'task-ended':
        if (event.record.attempts.length === 0) await writeBlock(write, skippedTitle(event.record), [])
        return
      case 'run-ended':
        return write(endSection(event.record, tails))
    }
  }
}

function startLine(tasks: number, maxParallel: number, powershells: readonly PowerShell[]): string {
  const versions = powershells.map(({edition, version}) => `${edition} ${version}`)
  return joined([`pwsh-pool: ${count(tasks, 'task')}`, `${maxParallel} at a time`, ...versions, 'isolation process'], ', ')
}

function retryLine(event: AttemptEnded): string {
  const {task, attempt, retryInMs = 0} = event
  const wait = retryInMs === 0 ? 'again at once' : `again in ${exactDuration(retryInMs)}`
  return withoutCommands(`↻ ${task.name} · ${joined([attemptText(task, attempt), verdictText(attempt.end)], ': ')}; ${wait}`)
}

async function* attemptLines({output, attempt}: AttemptEnded): AsyncIterable<string> {
  yield* outputLines(output)
  if (attempt.left.length > 0) yield `[pwsh-pool: left running: ${attempt.left.map(({name, pid}) => `${name} (${pid})`).join(', ')}]`
}

async function writeBlock(write: WriteText, title: string, lines: AsyncIterable<string> | Iterable<string>): Promise<void> {
  let batch = `${workflowCommand('group', title)}\n`
  for await (const line of lines) {
    batch += `${withoutCommands(line)}\n`
    if (batch.length < batchSize) continue
    await write(batch)
    batch = ''
  }
  await write(`${batch}${workflowCommand('endgroup', '')}\n`)
}

function endSection(record: RunRecord, tails: FailureTails): string {
  const failed = failedTasks(record)
  const sum = `sum of tasks ${duration(sumOfTaskMs(record))}, speed-up ${speedUp(record).toFixed(1)}x`
  const lines = [
    ...(failed.length === 0 ? [] : ['', `Failed: ${failed.length} of ${record.tasks.length}`]),
    ...failed.flatMap((task, i) => failureLines(task, tails, i, failed.length)),
    `${countsText(record)} in ${duration(wallMs(record))} (${sum})`
  ]
  return `${lines.join('\n')}\n`
}

function failureLines(record: TaskRecord, tails: FailureTails, position: number, failures: number): string[] {
  const {task, verdict, attempts} = record
  const last = attempts.at(-1)
  const title = [`✗ ${task.name}`, verdictText(verdict), duration(taskMs(record)), last && attemptText(task, last)]
  const tail = (tails.get(task) ?? []).map(line => withoutCommands(`    ${line}`))
  return [withoutCommands(joined(title, ' · ')), ...tail, ...annotation(task.name, verdictText(verdict), position, failures)]
}

// The last one that the runner would keep stands for all the rest.
function annotation(name: string, text: string, position: number, failures: number): string[] {
  const isLast = position === annotationLimit - 1
  if (position >= annotationLimit) return []
  if (isLast && failures > annotationLimit) {
    return [workflowCommand('error', `${failures - position} more tasks failed; the log and the summary name them`, {title: 'pwsh-pool'})]
  }
  return [workflowCommand('error', text, {title: name})]
}
