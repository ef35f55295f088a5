// The cost of the pool itself: 10,000 instant tasks with 1,000 needs, on attempts without a process. Runs on lib/, which `npm run build` makes.
import {EventStream} from '../lib/model/event-stream.js'
import {Pool} from '../lib/pool/pool.js'
import {instantAttempts, instantTasks, wholePlan} from './instant-attempts.mjs'
import {median} from './rounds.mjs'

const count = 10_000
const tasks = instantTasks(count, index => ({
  needs: index % 10 === 9 ? [{id: `t${index - 5}`, isGroup: false, tasks: [index - 5]}] : []
}))
const workforce = instantAttempts()

const times = []
for (let round = 0; round < 6; round++) {
  let events = 0
  const stream = new EventStream([() => void events++])
  const options = {
    plan: wholePlan(count),
    powershells: [],
    maxParallel: 16,
    minParallel: 0,
    failFast: /** @type {const} */ ('false'),
    totalTimeoutMs: 0,
    workforce
  }
  const startedAt = performance.now()
  const record = await new Pool(tasks, options, stream).run()
  await stream.drained()
  if (record.tasks.length !== count || events < 3 * count) throw new Error(`${record.tasks.length} tasks, ${events} events`)
  if (round > 0) times.push(performance.now() - startedAt)
}
console.log(`${count} instant tasks with ${count / 10} needs, 16 at a time: ${median(times).toFixed(0)} ms (median of ${times.length})`)
console.log(`  memory in use: ${(process.memoryUsage().heapUsed / 1024 / 1024).toFixed(0)} MiB of heap`)
