// A process of its own, so that its memory is its own: keeps a simulated run's logs as the action does, and writes the page. node bench/write-page.mjs TASKS LINES FILE
import {keepYoungGenerationSmall} from '../lib/system/young-generation.js'
import {simulatedRun} from './simulated-run.mjs'
import {writtenRun} from './written-run.mjs'

keepYoungGenerationSmall()
const [tasks, lines, file = 'page.html'] = process.argv.slice(2)
let before = {memory: 0, at: 0}
await writtenRun(simulatedRun({tasks: Number(tasks), lines: Number(lines)}), file, () => {
  before = {memory: process.memoryUsage().rss, at: performance.now()}
})
console.log(
  JSON.stringify({ms: performance.now() - before.at, beforeMb: before.memory / 1024 / 1024, mostMb: process.resourceUsage().maxRSS / 1024})
)
