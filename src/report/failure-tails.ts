import type {AttemptEnded, EventReader} from '../model/event.ts'
import type {Task} from '../model/task.ts'
import {firstFailure} from '../model/verdict.ts'
import type {ShownLines} from '../output/shown-output.ts'

/**
 * Limits of the last lines of a failed task that are shown outside its block, in lines and in UTF-16 units. After `roomyTasks` failures each task
 * gets `fewerCharacters`, because all tails are held in memory to the end.
 */
export const tailLimits = {lines: 20, characters: 8 * 1024, roomyTasks: 500, fewerCharacters: 1024} as const

/** The last lines of each task that did not succeed, and those of the first failed attempt of each flaky task. */
export type FailureTails = ReadonlyMap<Task, readonly string[]>

/** Renders the output of a finished attempt, or its end. */
export type ShowEnded = (attempt: AttemptEnded) => AsyncIterable<ShownLines>

/**
 * Collects the last lines of failed attempts, rendered by `show`, while their output is available. Keeps those of the first failed attempt of a task
 * until its last attempt fails.
 */
export function collectFailureTails(show: ShowEnded): {readonly read: EventReader; readonly tails: FailureTails} {
  const tails = new Map<Task, readonly string[]>()
  const read: EventReader = async event => {
    if (event.type !== 'attempt-ended' || event.attempt.end.status === 'success') return
    const isFirst = firstFailure([event.attempt]) !== undefined && !tails.has(event.task)
    if (event.retryInMs !== undefined && !isFirst) return
    const {lines, characters, roomyTasks, fewerCharacters} = tailLimits
    tails.set(event.task, await lastLines(show(event), lines, tails.size < roomyTasks ? characters : fewerCharacters))
  }
  return {read, tails}
}

/**
 * The last lines of the texts, each of which consists of whole lines: at most `lines` lines and `characters` UTF-16 units in all. The last line is
 * cut at its start if it alone is longer.
 */
export async function lastLines(texts: AsyncIterable<ShownLines>, lines: number, characters: number): Promise<string[]> {
  let kept = ''
  let isWhole = true
  for await (const text of texts) {
    const all = kept + text.toString()
    isWhole &&= all.length <= characters + 1
    kept = isWhole ? all : all.slice(-characters - 1)
  }
  const all = kept.replace(/\n$/, '').split('\n')
  if (kept === '') return []
  return (isWhole || all.length === 1 ? all : all.slice(1)).slice(-lines)
}
