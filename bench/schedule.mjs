// What the pool itself costs: 10,000 instant tasks with 1,000 needs, on attempts without a process. Runs on lib/, which `npm run build` makes.
import {EventStream} from '../lib/event-stream.js'
import {Pool} from '../lib/pool/pool.js'
import {noRetry} from '../lib/settings.js'
import {noChanges} from '../lib/task-changes.js'
import {median} from './rounds.mjs'

const count = 10_000
/** @type {import('../src/task.ts').Task[]} */
const tasks = Array.from({length: count}, (_, index) => ({
  index,
  id: `t${index}`,
  group: undefined,
  name: `t${index}`,
  script: {kind: 'run', text: ''},
  parameters: undefined,
  arguments: undefined,
  item: undefined,
  needs: index % 10 === 9 ? [{id: `t${index - 5}`, isGroup: false, tasks: [index - 5]}] : [],
  when: 'success',
  env: new Map(),
  workingDirectory: '/',
  timeoutMs: 0,
  retry: noRetry,
  continueOnError: false,
  locks: [],
  isolation: 'process',
  shell: 'pwsh',
  place: {source: 'tasks', file: undefined, line: 1, column: 1}
}))

/** @type {import('../src/pool/attempt-runner.ts').AttemptRunner} */
const workforce = {
  start: request => {
    queueMicrotask(request.onStarted)
    const output = {size: 0, async *chunks() {}, discard: () => {}}
    return {
      completed: new Promise(resolve =>
        setImmediate(() => resolve({end: {reason: 'exited', exitCode: 0}, output, changes: noChanges, left: []}))
      ),
      end: () => {},
      kill: () => {}
    }
  },
  prepare: () => {}
}

const times = []
for (let round = 0; round < 6; round++) {
  let events = 0
  const stream = new EventStream([() => void events++])
  const options = {powershells: [], maxParallel: 16, minParallel: 0, failFast: /** @type {const} */ ('false'), totalTimeoutMs: 0, workforce}
  const startedAt = performance.now()
  const record = await new Pool(tasks, options, stream).run()
  await stream.drained()
  if (record.tasks.length !== count || events < 3 * count) throw new Error(`${record.tasks.length} tasks, ${events} events`)
  if (round > 0) times.push(performance.now() - startedAt)
}
console.log(`${count} instant tasks with ${count / 10} needs, 16 at a time: ${median(times).toFixed(0)} ms (median of ${times.length})`)
console.log(`  memory in use: ${(process.memoryUsage().heapUsed / 1024 / 1024).toFixed(0)} MiB of heap`)
