import {noRetry} from '../lib/model/settings.js'
import {noChanges} from '../lib/model/task-changes.js'

/** @typedef {import('../src/model/task.ts').Task} Task */

/**
 * Tasks that have nothing of their own but what `change` gives them.
 * @param {number} count
 * @param {(index: number) => Partial<Task>} change
 * @returns {Task[]}
 */
export const instantTasks = (count, change = () => ({})) =>
  Array.from({length: count}, (_, index) => ({
    index,
    position: index,
    key: `t${index}`,
    id: `t${index}`,
    group: undefined,
    name: `t${index}`,
    isNamedByScript: false,
    script: {kind: 'run', text: ''},
    parameters: undefined,
    arguments: undefined,
    item: undefined,
    needs: [],
    when: 'success',
    env: new Map(),
    workingDirectory: '/',
    timeoutMs: 0,
    retry: noRetry,
    continueOnError: false,
    successCodes: [0],
    locks: [],
    isInEachShard: false,
    isolation: 'process',
    shell: 'pwsh',
    place: {source: 'tasks', file: undefined, line: 1, column: 1},
    ...change(index)
  }))

/**
 * The plan of a run of a whole list.
 * @param {number} listed
 * @returns {import('../src/model/event.ts').RunPlan}
 */
export const wholePlan = listed => ({listed, hashes: {list: '', timings: undefined, plan: undefined}, shard: undefined})

/** Attempts without a process, that begin at once and end a turn of the event loop later. */
export const instantAttempts = (exitCode = 0) => {
  const output = {size: 0, async *parts() {}, discard: async () => {}}
  /** @type {import('../src/pool/attempt-runner.ts').AttemptRunner} */
  const attempts = {
    start: request => {
      queueMicrotask(request.onStarted)
      return {
        completed: new Promise(resolve =>
          setImmediate(() => resolve({end: {reason: 'exited', exitCode}, output, changes: noChanges, left: []}))
        ),
        end: () => {},
        kill: () => {}
      }
    },
    prepare: () => {},
    closeLeft: () => []
  }
  return attempts
}
