// How evenly a list is cut into shards, and how long the plan takes. Simulated: 100,000 tasks whose times are long-tailed (log-normal, median 2 s), a tenth
// of them in chains of up to five. Each shard's time is the sum of its tasks, against the bound that no plan can be below: the longest tie, or the sum
// by the number of shards. Once with all times known as they are, and once with 5 % of them unknown and 20 % of noise (standard deviation) between the
// recorded and the real time. Then the time of planning, by the number of tasks. Runs on lib/, which `npm run build` makes.
import {expectedDurations} from '../lib/history/expected-durations.js'
import {ShardBalancer} from '../lib/shards/shard-balancer.js'
import {tiesOf} from '../lib/shards/ties.js'
import {instantTasks} from './instant-attempts.mjs'
import {median} from './rounds.mjs'

/** @typedef {import('../src/model/task.ts').Task} Task */

// The same numbers in every run (mulberry32).
function randomOf(/** @type {number} */ seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** @param {() => number} random */
const normal = random => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** @param {number} count */
function listOf(count) {
  const random = randomOf(42)
  const tasks = instantTasks(count, index => {
    const isChained = index % 50 < 5 && index % 5 !== 0
    return isChained ? {needs: [{id: `t${index - 1}`, isGroup: false, tasks: [index - 1]}]} : {}
  })
  const recorded = tasks.map(() => Math.round(2000 * Math.exp(1.2 * normal(random))))
  const noisy = recorded.map(ms => Math.round(ms * Math.max(0.1, 1 + 0.2 * normal(random))))
  const isKnown = tasks.map(() => random() >= 0.05)
  return {tasks, recorded, noisy, isKnown}
}

/** @param {readonly number[]} list */
const sumOf = list => list.reduce((sum, each) => sum + each, 0)

/** @param {readonly {tasks: readonly number[]}[]} parts @param {readonly number[]} times */
const longest = (parts, times) => parts.reduce((most, {tasks}) => Math.max(most, sumOf(tasks.map(index => times[index] ?? 0))), 0)

/** @param {Task[]} tasks @param {readonly number[]} recorded @param {readonly boolean[]} isKnown */
function expectedOf(tasks, recorded, isKnown) {
  const timings = new Map(
    tasks.flatMap(({key}, index) => (isKnown[index] ? [/** @type {const} */ ([key, {durations: [recorded[index] ?? 0], seen: 0}])] : []))
  )
  return expectedDurations(tasks, timings)?.map(({ms}) => ms) ?? []
}

for (const count of [245, 1000, 10_000, 100_000]) {
  const {tasks, recorded, noisy, isKnown} = listOf(count)
  const known = new ShardBalancer(tasks, recorded)
  const guessed = new ShardBalancer(tasks, expectedOf(tasks, recorded, isKnown))
  const ties = tiesOf(tasks).map(tie => ({tasks: tie}))
  console.log(
    `\n${count.toLocaleString('en')} tasks, longest tie ${(longest(ties, recorded) / 1000).toFixed(0)} s, sum ${(sumOf(recorded) / 3_600_000).toFixed(1)} h`
  )
  console.log('| shards | bound | known times | 5 % unknown, 20 % noise | empty |\n|---:|---:|---:|---:|---:|')
  for (const shards of [2, 4, 8, 16, 32, 64, 128, 256]) {
    const bound = (/** @type {readonly number[]} */ times) => Math.max(longest(ties, times), sumOf(times) / shards)
    const parts = known.shards(shards)
    const ratio = longest(parts, recorded) / bound(recorded)
    const noisyRatio = longest(guessed.shards(shards), noisy) / bound(noisy)
    const empty = parts.filter(part => part.tasks.length === 0).length
    console.log(`| ${shards} | ${(bound(recorded) / 1000).toFixed(0)} s | ${ratio.toFixed(3)} | ${noisyRatio.toFixed(3)} | ${empty} |`)
  }
}

console.log('\n| tasks | planning 16 shards | planning 256 shards |\n|---:|---:|---:|')
for (const count of [25_000, 50_000, 100_000]) {
  const {tasks, recorded, isKnown} = listOf(count)
  const times = [16, 256].map(shards =>
    median(
      Array.from({length: 5}, () => {
        const startedAt = performance.now()
        new ShardBalancer(tasks, expectedOf(tasks, recorded, isKnown)).shards(shards)
        return performance.now() - startedAt
      })
    )
  )
  console.log(`| ${count.toLocaleString('en')} | ${times.map(ms => `${ms.toFixed(0)} ms`).join(' | ')} |`)
}
