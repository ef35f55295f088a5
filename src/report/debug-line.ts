import type {PoolEvent, Verdict} from '../event.ts'
import {count, joined, verdictText} from './wording.ts'

/** What the pool has decided, for those who look for a mistake in it; `undefined` for an event that says nothing they do not see. */
export function debugLine(event: PoolEvent): string | undefined {
  switch (event.type) {
    case 'run-started':
      return `run: ${count(event.tasks.length, 'task')}, ${count(event.maxParallel, 'slot')}, ${event.powershells.map(({command, leadingArguments}) => [command, ...leadingArguments].join(' ')).join(', ')}`
    case 'attempt-waiting':
      return `${event.task.id}: waits for a worker`
    case 'attempt-started':
      return `${event.task.id}: attempt ${event.number} begins in slot ${event.worker}`
    case 'attempt-ending':
      return `${event.task.id}: attempt ${event.number} is being ended: ${verdictText(event.end)}`
    case 'attempt-ended': {
      const {task, attempt, output, retryInMs} = event
      const what = verdictWords(attempt.end)
      const next = retryInMs === undefined ? '' : `; the next one in ${retryInMs} ms`
      return `${task.id}: attempt ${attempt.number} in slot ${attempt.worker} is over: ${what}, ${output.size} bytes of output${next}`
    }
    case 'task-ended':
      return `${event.record.task.id}: ${verdictWords(event.record.verdict)}`
    case 'worker-retired':
      return `a worker takes no more tasks: ${event.because}, after ${event.tasks} of them`
    case 'left-output':
      return `${event.task.id}: its pipes are closed, ${event.output.wasHeld ? 'which something still held' : 'which nobody held any more'}`
    case 'still-ending':
    case 'worker-booted':
    case 'run-ended':
      return undefined
  }
}

// Most texts say the status themselves.
function verdictWords(verdict: Verdict): string {
  const text = verdictText(verdict)
  return /^(?:skipped|cancelled|timed out)/.test(text) ? text : joined([verdict.status, text], ', ')
}
