// A process of its own, so that its memory is its own: keeps a simulated run's logs as the action does, and writes the page. node bench/write-page.mjs TASKS LINES FILE
import os from 'node:os'
import path from 'node:path'
import {partsOf} from '../lib/output/shown-lines.js'
import {verbatimLog} from '../lib/output/verbatim-log.js'
import {RunCapture} from '../lib/pages/run-capture.js'
import {Masker} from '../lib/text/masker.js'
import {simulatedRun} from './simulated-run.mjs'

const [tasks, lines, file = 'page.html'] = process.argv.slice(2)
const masker = new Masker()
const asText = /** @type {const} */ ({mode: 'ignore', isDebug: false, onMask: () => {}})
const capture = new RunCapture(
  {htmlReport: path.resolve(file), recording: undefined, traceReport: undefined},
  {
    temporaryFolder: os.tmpdir(),
    show: output => verbatimLog('parts' in output ? output : {parts: () => partsOf(output, asText)}, masker),
    mask: text => masker.mask(text)
  }
)
const {record, log} = simulatedRun({tasks: Number(tasks), lines: Number(lines)})
for (const {task, attempts} of record.tasks) {
  for (const attempt of attempts) {
    const bytes = Buffer.from(log(task.index, attempt.end.status !== 'success'))
    const output = {
      size: bytes.length,
      async *chunks() {
        yield bytes
      },
      parts() {
        return partsOf(this, asText)
      }
    }
    for (const read of capture.readers) await read({type: 'attempt-ended', task, attempt, output, retryInMs: undefined})
  }
}
const before = {memory: process.memoryUsage().rss, at: performance.now()}
const warnings = await capture.write({record, tails: new Map()})
if (warnings.length > 0) throw new Error(warnings.join('\n'))
console.log(
  JSON.stringify({ms: performance.now() - before.at, beforeMb: before.memory / 1024 / 1024, mostMb: process.resourceUsage().maxRSS / 1024})
)
