import type {EventReader} from '../model/event.ts'
import type {Task} from '../model/task.ts'
import {duration} from '../report/wording.ts'
import {type LogStyle, plainLine} from './log-text.ts'
import type {LogWriter} from './log-writer.ts'

/** How many running tasks a line names. Those that run longest come first. */
const namedTasks = 5

/**
 * Returns a reader that writes the progress whenever the log has been silent for `everyMs`, so that a long task does not look like a hung one. It never
 * writes inside a block, and never if `everyMs` is 0. `prepared`: what a worker runs before its task, such as `setup`; empty if nothing.
 */
export function heartbeat(writer: LogWriter, everyMs: number, style: LogStyle, prepared = ''): EventReader {
  const running = new Map<Task, number>()
  const waiting = new Map<Task, number>()
  let done = 0
  let total = 0
  let timer: NodeJS.Timeout | undefined
  const beatAfter = (ms: number) => {
    timer = setTimeout(beat, ms).unref()
  }
  const beat = () => {
    const silentMs = Date.now() - writer.lastWriteAt
    if (silentMs < everyMs || writer.isInBlock) return beatAfter(Math.max(everyMs - silentMs, shortestWaitMs))
    // If the log cannot be written, the next write reports it.
    writer.write(`${plainLine(heartbeatLine({done, total, running, waiting, prepared}), style)}\n`).catch(() => {})
    beatAfter(everyMs)
  }
  return event => {
    if (event.type === 'run-started') {
      total = event.tasks.length
      if (everyMs > 0) beatAfter(everyMs)
    }
    if (event.type === 'attempt-waiting') waiting.set(event.task, event.since)
    if (event.type === 'attempt-started') {
      waiting.delete(event.task)
      running.set(event.task, event.startedAt)
    }
    if (event.type === 'attempt-ended') {
      waiting.delete(event.task)
      running.delete(event.task)
    }
    if (event.type === 'task-ended') {
      waiting.delete(event.record.task)
      done++
    }
    if (event.type === 'run-ended') clearTimeout(timer)
  }
}

/** How long to wait before trying again when a block was open, in milliseconds. */
const shortestWaitMs = 100

interface Beat {
  readonly done: number
  readonly total: number
  /** When they began, in milliseconds since the epoch. */
  readonly running: ReadonlyMap<Task, number>
  /** Since when they have waited for a worker. */
  readonly waiting: ReadonlyMap<Task, number>
  readonly prepared: string
}

/** `1/3 done · running: test 31 s`, or `0/1 done · starting PowerShell: setup has been running for 20 s`. */
function heartbeatLine({done, total, running, waiting, prepared}: Beat): string {
  const now = Date.now()
  const longest = [...running].toSorted(([, a], [, b]) => a - b)
  const named = longest.slice(0, namedTasks).map(([task, startedAt]) => `${task.name} ${wholeDuration(now - startedAt)}`)
  const more = longest.length > namedTasks ? [`${longest.length - namedTasks} more`] : []
  return `${done}/${total} done · ${named.length === 0 ? startingText(waiting, prepared, now) : `running: ${[...named, ...more].join(', ')}`}`
}

function startingText(waiting: ReadonlyMap<Task, number>, prepared: string, now: number): string {
  if (waiting.size === 0) return 'no task is running'
  const longest = wholeDuration(now - Math.min(...waiting.values()))
  return prepared === '' ? `starting PowerShell for ${longest}` : `starting PowerShell: ${prepared} has been running for ${longest}`
}

const wholeDuration = (ms: number): string => (ms < 60_000 ? `${Math.floor(ms / 1000)} s` : duration(ms))
