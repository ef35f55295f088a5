import type {PoolEvent, Verdict} from '../model/event.ts'
import {unreachable} from '../model/unreachable.ts'
import {isNotStarted} from '../report/not-started.ts'
import {count, joined, verdictText} from '../report/wording.ts'

/** A decision of the pool as a line of the debug log; `undefined` for events that the normal log shows. */
export function debugLine(event: PoolEvent): string | undefined {
  switch (event.type) {
    case 'run-started':
      return `run: ${count(event.tasks.length, 'task')}, ${count(event.maxParallel, 'slot')}, ${event.powershells.map(({command, leadingArguments}) => [command, ...leadingArguments].join(' ')).join(', ')}`
    case 'attempt-waiting':
      return `${event.task.id}: waits for a worker${[...event.lockSlots].map(([{name, room}, slot]) => `, has slot ${slot} of ${room} of lock ${name}`).join('')}`
    case 'attempt-started':
      return `${event.task.id}: attempt ${event.number} begins in slot ${event.worker}${event.pid === undefined ? '' : `, in process ${event.pid}`}`
    case 'attempt-ending':
      // The normal log shows a timeout.
      return event.end.status === 'timed-out'
        ? undefined
        : `${event.task.id}: attempt ${event.number} is being ended: ${verdictText(event.end)}`
    case 'attempt-ended': {
      const {task, attempt, output, retryInMs} = event
      const what = verdictWords(attempt.end)
      const next = retryInMs === undefined ? '' : `; the next one in ${retryInMs} ms`
      return `${task.id}: attempt ${attempt.number} in slot ${attempt.worker} is over: ${what}, ${output.size} bytes of output${next}`
    }
    case 'task-ended':
      // The end of its last attempt has been logged, and the normal log shows all other skips.
      return isNotStarted(event.record.verdict) ? `${event.record.task.id}: ${verdictWords(event.record.verdict)}` : undefined
    case 'worker-retired':
      return `a worker takes no more tasks: ${event.because}, after ${event.tasks} of them`
    case 'worker-started':
      return `process ${event.pid} is started: ${event.edition} for ${event.isolation === 'process' ? 'one task' : `tasks at isolation ${event.isolation}`}`
    case 'worker-ready':
      return `process ${event.pid} is ready for a task after ${event.bootMs} ms`
    case 'worker-lost':
      return `process ${event.pid} has ended after ${event.bootMs} ms, before it was ready for a task`
    case 'signal-sent': {
      const {signal, pid, isGroup, name, at, outcome} = event
      const target = joined([isGroup ? 'the group of process' : 'process', String(pid), name && `(${name})`], ' ')
      return `${signal} ${outcome === 'sent' ? 'sent' : 'could not be sent'} to ${target} at ${clockTime(at)}`
    }
    case 'processes-unlisted':
      return `processes cannot be listed: ${event.because}`
    case 'left-output':
      return (
        event.task &&
        `${event.task.id}: its pipes are closed, ${event.output.wasHeld ? 'which something still held' : 'which nobody held any more'}`
      )
    case 'process-not-ended':
    case 'still-ending':
    case 'task-slow':
    case 'worker-booted':
    case 'run-ended':
      return undefined
    default:
      return unreachable(event)
  }
}

// In the format of the runner's own timestamps, because the line may be written later than it happened.
const clockTime = (at: number): string => new Date(at).toISOString().slice('2026-11-30T'.length)

// Most texts contain the status already.
function verdictWords(verdict: Verdict): string {
  const text = verdictText(verdict)
  return /^(?:skipped|cancelled|timed out)/.test(text) ? text : joined([verdict.status, text], ', ')
}
