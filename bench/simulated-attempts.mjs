import {noChanges} from '../lib/model/task-changes.js'
import {instantAttempts} from './instant-attempts.mjs'

/**
 * Attempts that take the given time on a clock of their own, which goes on to the next end as soon as the pool has nothing to decide.
 * @param {readonly number[]} durations milliseconds by index of a task
 */
export function simulatedAttempts(durations) {
  const {prepare, closeLeft} = instantAttempts()
  const output = {size: 0, async *parts() {}, discard: async () => {}}
  let now = 0
  /** @type {{at: number, end: () => void}[]} */
  let running = []
  let isAdvancing = false
  const advance = () => {
    isAdvancing = false
    const next = running.reduce(
      (/** @type {typeof running[0] | undefined} */ first, each) => (first === undefined || each.at < first.at ? each : first),
      undefined
    )
    if (next === undefined) return
    running = running.filter(each => each !== next)
    now = next.at
    next.end()
    later()
  }
  const later = () => {
    if (!isAdvancing) setImmediate(advance)
    isAdvancing = true
  }
  return {
    /** Milliseconds on that clock. */
    now: () => now,
    /** @type {import('../src/pool/attempt-runner.ts').AttemptRunner} */
    attempts: {
      prepare,
      closeLeft,
      start: ({task, onStarted}) => {
        queueMicrotask(onStarted)
        /** @type {any} */
        const completed = new Promise(resolve => {
          running.push({
            at: now + (durations[task.index] ?? 0),
            end: () => resolve({end: {reason: 'exited', exitCode: 0}, output, changes: noChanges, left: []})
          })
          later()
        })
        return {completed, end: () => {}, kill: () => {}}
      }
    }
  }
}
