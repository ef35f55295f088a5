// How processor time grows with what a run holds: 1,000, 10,000 and 100,000 of each shape, as an exponent between the last two sizes; 1 is linear.
// Attempts are without processes. Runs on lib/, which `npm run build` makes.

import {AnnotationLedger} from '../lib/log/annotation-ledger.js'
import {endSection} from '../lib/log/end-section.js'
import {workflowMarkup} from '../lib/log/log-markup.js'
import {EventStream} from '../lib/model/event-stream.js'
import {noRetry} from '../lib/model/settings.js'
import {renderJobSummary} from '../lib/pages/job-summary.js'
import {Pool} from '../lib/pool/pool.js'
import {renderJUnitReport} from '../lib/report/junit-report.js'
import {renderRunReport} from '../lib/report/run-report.js'
import {readTaskList} from '../lib/task-list/read-task-list.js'
import {Masker} from '../lib/text/masker.js'
import {AttemptAnnotations} from '../lib/workflow-commands/attempt-annotations.js'
import {instantAttempts, instantTasks, wholePlan} from './instant-attempts.mjs'

const sizes = [1_000, 10_000, 100_000]
const limit = 1.15

/** @typedef {import('../src/model/task.ts').Task} Task @typedef {import('../src/model/event.ts').RunRecord} RunRecord */

const one = (/** @type {number} */ index) => [{id: `t${index}`, isGroup: false, tasks: [index]}]
/** @param {string} name @returns {import('../src/model/task.ts').Lock} */
const lock = name => ({name, variable: `PWSH_POOL_LOCK_${name.toUpperCase()}`, room: 1, per: 'all'})
const [db, all] = [lock('db'), lock('all')]
const range = (/** @type {number} */ from, /** @type {number} */ to) => Array.from({length: to - from}, (_, i) => from + i)

/** @param {Task[]} tasks @param {{slots?: number, exitCode?: number, cancels?: boolean}} options @returns {Promise<RunRecord>} */
async function run(tasks, {slots = 16, exitCode = 0, cancels = false} = {}) {
  const stream = new EventStream([() => {}])
  const workforce = instantAttempts(exitCode)
  /** @type {any} */
  const options = {
    plan: wholePlan(tasks.length),
    powershells: [],
    maxParallel: slots,
    minParallel: 0,
    failFast: 'false',
    totalTimeoutMs: 0,
    workforce
  }
  const record = await new Pool(tasks, options, stream).run(cancels)
  await stream.drained()
  if (record.tasks.length !== tasks.length) throw new Error(`${record.tasks.length} of ${tasks.length} tasks have a verdict`)
  return record
}

const layered = (/** @type {number} */ count) => {
  const layers = range(0, 10).map(layer => ({
    id: `g${layer}`,
    isGroup: true,
    tasks: range((layer * count) / 10, ((layer + 1) * count) / 10)
  }))
  return instantTasks(count, index => {
    const layer = Math.floor(index / (count / 10))
    return {needs: layers.slice(Math.max(0, layer - 1), layer)}
  })
}
const fan = (/** @type {number} */ count) =>
  instantTasks(count, index => ({
    needs: index === 0 ? [] : index < count - 1 ? one(0) : [{id: 'g', isGroup: true, tasks: range(1, count - 1)}]
  }))

const listContext = {
  workspace: process.cwd(),
  workingDirectory: process.cwd(),
  timeoutMs: 0,
  retry: noRetry,
  successCodes: [0],
  shell: 'pwsh',
  isolation: /** @type {const} */ ('process'),
  platform: process.platform
}
const readList = (/** @type {string} */ text) => {
  const read = readTaskList([{source: 'tasks', file: undefined, notation: 'detect', text}], listContext)
  if (!read.ok) throw new Error(read.error[0]?.message)
}
const failed = (/** @type {number} */ count) => run(instantTasks(count), {exitCode: 1})
const mask = (/** @type {string} */ text) => text

/** By name: makes what is measured, which is not measured itself. @type {Record<string, (count: number) => unknown>} */
const shapes = {
  'chain of needs': count => {
    const tasks = instantTasks(count, index => ({needs: index === 0 ? [] : one(index - 1)}))
    return () => run(tasks)
  },
  'fan out and in': count =>
    (
      tasks => () =>
        run(tasks)
    )(fan(count)),
  'ten layers': count =>
    (
      tasks => () =>
        run(tasks)
    )(layered(count)),
  'one lock, 256 slots': count =>
    (
      tasks => () =>
        run(tasks, {slots: 256})
    )(instantTasks(count, () => ({locks: [db]}))),
  'a lock for each and one for all': count =>
    (
      tasks => () =>
        run(tasks)
    )(instantTasks(count, index => ({locks: [all, lock(`l${index}`)]}))),
  'all skipped at a cancel': count =>
    (
      tasks => () =>
        run(tasks, {cancels: true})
    )(instantTasks(count)),
  'all failed: log, summary, JSON, JUnit': async count => {
    const record = await failed(count)
    const annotations = new AnnotationLedger()
    return () => {
      for (const {task, attempts} of record.tasks) {
        const asked = new AttemptAnnotations()
        asked.add({type: 'error', message: 'x', properties: new Map()})
        annotations.hear(task, asked)
        annotations.settle(/** @type {any} */ ({task, attempt: attempts[0], retryInMs: undefined}))
      }
      /** @type {any} */
      const tails = new Map(record.tasks.map(({task}) => [task, ['last line']]))
      endSection(record, /** @type {any} */ ({mask, markup: workflowMarkup, tails, annotations, workspace: '/'}))
      renderJobSummary({record, tails})
      renderRunReport({record, tails: new Map()})
      renderJUnitReport({record, tails})
    }
  },
  'equal names': count =>
    (
      text => () =>
        readList(text)
    )('- exit\n'.repeat(count)),
  'plain lines': count =>
    (
      text => () =>
        readList(text)
    )(
      range(0, count)
        .map(i => `./a.ps1 ${i}\n`)
        .join('')
    ),
  foreach: count =>
    (
      text => () =>
        readList(text)
    )(`- run: ./a.ps1 $_\n  foreach: [${range(0, count).join(', ')}]\n`),
  'masked values that begin alike': count => () => {
    const masker = new Masker()
    for (let i = 0; i < count; i++) masker.add(`ghs_${String(i).padStart(20, 'x')}`)
    masker.mask(`ghs_${'x'.repeat(12)} `.repeat(count))
  },
  'masks between lines': count => () => {
    const masker = new Masker()
    for (let i = 0; i < count; i++) {
      masker.add(`ghs_${String(i).padStart(20, 'x')}`)
      masker.mask('a line of text')
    }
  }
}

/** @param {(count: number) => unknown} prepare @param {number} count milliseconds of processor time */
async function measured(prepare, count) {
  const work = /** @type {() => unknown} */ (await prepare(count))
  const before = process.cpuUsage()
  await work()
  const {user, system} = process.cpuUsage(before)
  return (user + system) / 1000
}

const wanted = process.argv.slice(2)
for (const [name, prepare] of Object.entries(shapes)) {
  if (wanted.length > 0 && !wanted.some(text => name.includes(text))) continue
  const times = []
  await measured(prepare, sizes[0] ?? 0)
  for (const count of sizes) times.push(await measured(prepare, count))
  const exponent = Math.log10((times[2] ?? 0) / (times[1] ?? 1))
  console.log(`${name.padEnd(40)}${times.map(ms => `${ms.toFixed(0).padStart(7)} ms`).join('')}  n^${exponent.toFixed(2)}`)
  if (exponent > limit) process.exitCode = 1
}
