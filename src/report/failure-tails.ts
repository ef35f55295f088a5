import type {EventReader} from '../event.ts'
import type {Task} from '../task.ts'
import {lastLines} from './output-lines.ts'

/** How much of a failed task's output is shown again, outside its block: lines, and UTF-16 units in all. */
export const tailLimits = {lines: 20, characters: 8 * 1024} as const

/** The last lines of each task that did not succeed. */
export type FailureTails = ReadonlyMap<Task, readonly string[]>

/** Collects the last lines of every task that did not succeed, while the output is there to be read. */
export function collectFailureTails(): {readonly read: EventReader; readonly tails: FailureTails} {
  const tails = new Map<Task, readonly string[]>()
  const read: EventReader = async event => {
    if (event.type !== 'attempt-ended' || event.attempt.end.status === 'success' || event.retryInMs !== undefined) return
    tails.set(event.task, await lastLines(event.output, tailLimits.lines, tailLimits.characters))
  }
  return {read, tails}
}
