import {noChanges} from '../lib/model/task-changes.js'
import {instantTasks, wholePlan} from './instant-attempts.mjs'

/**
 * A run as it could have been: a build, and tests that need it, in groups of up to 250, of which `failures` fail, some hold a lock, and some are flaky. The same each time.
 * @param {{tasks: number, failures?: number, workers?: number, lines?: number}} options `lines`: of the log of each attempt
 */
export function simulatedRun({tasks: count, failures = Math.ceil(count / 100), workers = 16, lines = 40}) {
  const random = numbers(7)
  const startedAt = Date.UTC(2026, 10, 30, 9, 0)
  const db = {name: 'database', variable: 'PWSH_POOL_LOCK_DATABASE', room: 2, per: /** @type {const} */ ('all')}
  const group = (/** @type {number} */ index) =>
    `${areas[Math.floor(index / 250) % areas.length]}_${Math.floor(index / 250 / areas.length)}`
  const tasks = instantTasks(count, index =>
    index === 0
      ? {id: 'build', name: 'build'}
      : {
          id: `${group(index)}_${(index % 250) + 1}`,
          name: `${areas[Math.floor(index / 250) % areas.length]} ${verbs[index % verbs.length]} ${index}`,
          group: group(index),
          needs: [{id: 'build', isGroup: false, tasks: [0]}],
          parameters: new Map([['Case', index]]),
          locks: index % 97 === 0 ? [db] : []
        }
  )
  const failing = new Set(Array.from({length: failures}, (_, i) => 1 + Math.floor(((i + 0.5) * (count - 1)) / failures)))
  const free = Array.from({length: Math.min(workers, count)}, (_, i) => startedAt + 400 + i * 30)
  const records = tasks.map((task, index) => {
    const isFlaky = index % 211 === 5
    const attempts = Array.from({length: isFlaky ? 2 : 1}, (_, i) => {
      const worker = index === 0 ? 0 : free.indexOf(Math.min(...free))
      const from = Math.max(free[worker] ?? 0, index === 0 ? 0 : builtAt)
      const ms = index === 0 ? 4000 : Math.round(200 + 1500 * random() ** 4 + (index % 499 === 0 ? 9000 : 0))
      free[worker] = from + ms + 40
      const isFailed = failing.has(index) || (isFlaky && i === 0)
      const end = isFailed
        ? /** @type {const} */ ({status: 'failure', reason: 'exit-code', exitCode: 1 + (index % 3)})
        : /** @type {const} */ ({status: 'success', reason: 'exit', exitCode: 0})
      return {number: i + 1, worker, startedAt: from, endedAt: from + ms, end, changes: noChanges, left: [], matched: undefined}
    })
    if (index === 0) builtAt = attempts[0]?.endedAt ?? 0
    const {startedAt, endedAt} = attempts.at(-1) ?? {startedAt: 0, endedAt: 0}
    const medianMs = Math.round((endedAt - startedAt) * (0.7 + ((index * 37) % 50) / 100))
    return {
      task: {...task, recorded: index % 9 === 0 ? undefined : {medianMs, samples: 5}},
      attempts,
      verdict: attempts.at(-1)?.end ?? {status: /** @type {const} */ ('success'), reason: /** @type {const} */ ('exit'), exitCode: 0}
    }
  })
  const endedAt = records.reduce((latest, {attempts}) => Math.max(latest, attempts.at(-1)?.endedAt ?? 0), 0)
  /** @type {import('../src/model/event.ts').RunRecord} */
  const record = {
    plan: wholePlan(count),
    powershells: [{command: '/usr/bin/pwsh', leadingArguments: [], edition: 'pwsh', version: '7.6.9'}],
    maxParallel: workers,
    startedAt,
    endedAt,
    cancelled: false,
    tasks: records
  }
  /** What an attempt has printed. @param {number} index @param {boolean} isFailed */
  const log = (index, isFailed) =>
    [
      `\u001b[36mRunning case ${index}\u001b[0m`,
      ...Array.from(
        {length: lines},
        (_, i) => `${String(i).padStart(4)}  \u001b[32mok\u001b[0m  step ${i} of case ${index} took ${(index * 37 + i * 11) % 900} ms`
      ),
      ...(isFailed
        ? [
            `::error file=tests/Case${index}.ps1,line=${12 + (index % 50)}::expected 200, got 503`,
            `\u001b[31;1mException:\u001b[0m tests/Case${index}.ps1:${12 + (index % 50)}`,
            '\u001b[36;1mLine |\u001b[0m',
            `\u001b[36;1m  ${12 + (index % 50)} |\u001b[0m  throw "expected 200, got $\u001b[36;1mcode\u001b[0m"`,
            '\u001b[31;1m     | expected 200, got 503\u001b[0m'
          ]
        : ['done'])
    ].join('\n')
  return {record, log}
}

let builtAt = 0

const areas = ['api', 'billing', 'search', 'accounts', 'mail', 'reports', 'storage', 'webhooks']
const verbs = ['creates', 'lists', 'updates', 'deletes', 'restores', 'exports']

/** Numbers from 0 to 1, the same each time (mulberry32). @param {number} seed */
function numbers(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296
  }
}
