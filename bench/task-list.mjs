// How long it takes to read a list of 10,000 entries, from its text to the plan, beside what yaml alone takes for the text. Needs lib/, which `npm run build` makes.
import {parseDocument} from 'yaml'

const load = (/** @type {string} */ path) => import(new URL(`../lib/${path}`, import.meta.url).href)
const {readTaskList} = await load('task-list/read-task-list.js')
const {renderPlan} = await load('report/plan.js')

const entries = 10_000
const limitMs = 1000
const rounds = 5

const workspace = process.cwd()
const context = {
  workspace,
  workingDirectory: workspace,
  timeoutMs: 0,
  retry: {times: 0, delayMs: 0, backoff: 1, maxDelayMs: Number.POSITIVE_INFINITY, on: undefined},
  shell: 'pwsh',
  isolation: 'process',
  platform: process.platform
}

const list = Array.from(
  {length: entries},
  (_, index) => `- name: task ${index}
  run: ./build.ps1 -Target ${index}
  parameters: {Configuration: Release, Number: ${index}}
  timeout: 5m
${index < 100 ? '' : `  needs: task_${index - 100}\n`}`
).join('')
const texts = [{source: 'tasks', file: undefined, notation: 'detect', text: list}]

const times = Array.from({length: rounds}, () => {
  const start = performance.now()
  const read = readTaskList(texts, context)
  if (!read.ok) throw new Error(read.error[0].message)
  const readMs = performance.now() - start
  const plan = renderPlan(read.value)
  return {readMs, planMs: performance.now() - start - readMs, tasks: read.value.length, planLines: plan.split('\n').length}
})

const yamlTimes = Array.from({length: rounds}, () => {
  const start = performance.now()
  parseDocument(list).toJS()
  return performance.now() - start
})

const [cold] = times
const [best] = times.map(({readMs, planMs}) => readMs + planMs).sort((a, b) => a - b)
const yamlBest = Math.min(...yamlTimes)
const total = (cold?.readMs ?? 0) + (cold?.planMs ?? 0)
console.log(`${entries} entries, ${(list.length / 1024).toFixed(0)} KiB, ${cold?.tasks} tasks, a plan of ${cold?.planLines} lines`)
console.log(`first run: ${total.toFixed(0)} ms (read ${cold?.readMs.toFixed(0)} ms, plan ${cold?.planMs.toFixed(0)} ms)`)
console.log(
  `best of ${rounds}: ${best?.toFixed(0)} ms; limit ${limitMs} ms; yaml alone ${yamlBest.toFixed(0)} ms, ratio ${((best ?? 0) / yamlBest).toFixed(2)}`
)
if ((best ?? 0) > limitMs) process.exitCode = 1
