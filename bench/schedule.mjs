// The cost of the pool itself: 10,000 instant tasks with 1,000 needs, on attempts without a process, in declared order and with a duration known of
// each, which makes the order that of the longest way. Processor time, because wall time counts what else the machine does. Runs on lib/, which `npm run build` makes.
import {EventStream} from '../lib/model/event-stream.js'
import {Pool} from '../lib/pool/pool.js'
import {instantAttempts, instantTasks, wholePlan} from './instant-attempts.mjs'
import {median} from './rounds.mjs'

const count = 10_000
const tasks = instantTasks(count, index => ({
  needs: index % 10 === 9 ? [{id: `t${index - 5}`, isGroup: false, tasks: [index - 5]}] : []
}))
const workforce = instantAttempts()

const durations = tasks.map((_, index) => 1000 + ((index * 7919) % 10_007))

/** @param {readonly number[] | undefined} expectedMs */
async function cpuMs(expectedMs) {
  let events = 0
  const stream = new EventStream([() => void events++])
  const options = {
    plan: wholePlan(count),
    expectedMs,
    powershells: [],
    maxParallel: 16,
    minParallel: 0,
    failFast: /** @type {const} */ ('false'),
    totalTimeoutMs: 0,
    workforce
  }
  const before = process.cpuUsage()
  const record = await new Pool(tasks, options, stream).run()
  await stream.drained()
  const {user, system} = process.cpuUsage(before)
  if (record.tasks.length !== count || events < 3 * count) throw new Error(`${record.tasks.length} tasks, ${events} events`)
  return (user + system) / 1000
}

/** @type {{declared: number[], timed: number[]}} */
const times = {declared: [], timed: []}
for (let round = 0; round < 10; round++) {
  const [declared, timed] = [await cpuMs(undefined), await cpuMs(durations)]
  if (round === 0) continue
  times.declared.push(declared)
  times.timed.push(timed)
}
const [declared, timed] = [median(times.declared), median(times.timed)]
console.log(`${count} instant tasks with ${count / 10} needs, 16 at a time, processor time, medians of ${times.declared.length}:`)
console.log(`  in declared order ${declared.toFixed(0)} ms, with timings ${timed.toFixed(0)} ms (${(timed / declared).toFixed(2)} times)`)
console.log(`  memory in use: ${(process.memoryUsage().heapUsed / 1024 / 1024).toFixed(0)} MiB of heap`)
