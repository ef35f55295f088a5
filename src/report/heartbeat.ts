import type {EventReader} from '../event.ts'
import type {Task} from '../task.ts'
import {type LogStyle, plainLine} from './log-text.ts'
import type {LogWriter} from './log-writer.ts'
import {duration} from './wording.ts'

/** How many running tasks a line names: those that run longest. */
const namedTasks = 5

/**
 * Says what is done and what runs whenever the log has been silent for `everyMs`, so that nobody takes a long task for a hung one. Never inside
 * a block; never with `everyMs` of 0.
 */
export function heartbeat(writer: LogWriter, everyMs: number, style: LogStyle): EventReader {
  const running = new Map<Task, number>()
  let done = 0
  let total = 0
  let timer: NodeJS.Timeout | undefined
  const beatAfter = (ms: number) => {
    timer = setTimeout(beat, ms).unref()
  }
  const beat = () => {
    const silentMs = Date.now() - writer.lastWriteAt
    if (silentMs < everyMs || writer.isInBlock) return beatAfter(Math.max(everyMs - silentMs, shortestWaitMs))
    // A log that cannot be written is told by the next one who writes.
    writer.write(`${plainLine(heartbeatLine(done, total, running), style)}\n`).catch(() => {})
    beatAfter(everyMs)
  }
  return event => {
    if (event.type === 'run-started') {
      total = event.tasks.length
      if (everyMs > 0) beatAfter(everyMs)
    }
    if (event.type === 'attempt-started') running.set(event.task, event.startedAt)
    if (event.type === 'attempt-ended') running.delete(event.task)
    if (event.type === 'task-ended') done++
    if (event.type === 'run-ended') clearTimeout(timer)
  }
}

/** Before a beat that found a block open is tried again, in milliseconds. */
const shortestWaitMs = 100

/** `1/3 done · running: test 31 s`. */
function heartbeatLine(done: number, total: number, running: ReadonlyMap<Task, number>): string {
  const now = Date.now()
  const longest = [...running].toSorted(([, a], [, b]) => a - b)
  const named = longest.slice(0, namedTasks).map(([task, startedAt]) => `${task.name} ${wholeDuration(now - startedAt)}`)
  const more = longest.length > namedTasks ? [`${longest.length - namedTasks} more`] : []
  return `${done}/${total} done · ${named.length === 0 ? 'no task is running' : `running: ${[...named, ...more].join(', ')}`}`
}

const wholeDuration = (ms: number): string => (ms < 60_000 ? `${Math.floor(ms / 1000)} s` : duration(ms))
