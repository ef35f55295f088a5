// Memory for the output of finished attempts while a reader is still at the first of them: 700 tasks that print 250 kB each, without
// processes, with what hears them. Each row in a process of its own. Runs on lib/, which `npm run build` makes. node bench/ended-outputs.mjs.
import {spawnSync} from 'node:child_process'
import {rmSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {EventStream} from '../lib/model/event-stream.js'
import {noChanges} from '../lib/model/task-changes.js'
import {AttemptListener} from '../lib/output/attempt-listener.js'
import {Pool} from '../lib/pool/pool.js'
import {OutputMemory} from '../lib/spool/output-memory.js'
import {TaskOutput} from '../lib/spool/task-output.js'
import {Masker} from '../lib/text/masker.js'
import {benchFolder} from './bench-folder.mjs'
import {instantTasks, wholePlan} from './instant-attempts.mjs'

const count = 700
const printed = 250_000

/** What a task prints at once. @type {Record<string, Buffer>} */
const pieces = {
  'pieces of 64 KiB, as native commands write': Buffer.from(`${'x'.repeat(79)}\n`.repeat(819)),
  'lines, as PowerShell writes': Buffer.from(`${'x'.repeat(39)}\n`)
}

/** How the memory is shared. @type {Record<string, (shared: OutputMemory) => OutputMemory>} */
const shares = {'each for itself': () => new OutputMemory(), 'all of a run': shared => shared}

const [pieceName, shareName] = process.argv.slice(2)
if (pieceName === undefined || shareName === undefined) {
  for (const piece of Object.keys(pieces)) {
    for (const share of Object.keys(shares)) {
      const {stdout, stderr, status} = spawnSync(process.execPath, [fileURLToPath(import.meta.url), piece, share], {encoding: 'utf8'})
      if (status !== 0) throw new Error(stderr)
      console.log(stdout.trim())
    }
  }
} else await measure(pieceName, shareName)

/** @param {string} pieceName @param {string} shareName */
async function measure(pieceName, shareName) {
  const piece = pieces[pieceName]
  const shareOf = shares[shareName]
  if (piece === undefined || shareOf === undefined) throw new Error('no such row')
  const folder = benchFolder()
  const memory = new OutputMemory()
  let read = 0
  let letGo = () => {}
  const allEnded = new Promise(resolve => {
    letGo = () => resolve(undefined)
  })
  /** @type {import('../src/model/event.ts').EventReader} */
  const reader = async event => {
    if (event.type !== 'attempt-ended') return
    await allEnded
    for await (const parts of event.output.parts()) for (const {bytes} of parts) read += bytes.length
  }
  const masker = new Masker()
  let running = count
  /** @type {import('../src/pool/attempt-runner.ts').AttemptRunner} */
  const workforce = {
    start: ({task, onStarted}) => {
      const listener = new AttemptListener({
        isRecorded: true,
        mode: 'forward',
        masker,
        isDebug: false,
        onMask: () => {},
        record: part => output.add(part),
        onAnnotations: () => {},
        print: undefined
      })
      const file = path.join(folder, `${task.index}.output`)
      const output = new TaskOutput({file, memory: shareOf(memory)})
      const completed = new Promise(resolve => setImmediate(resolve)).then(async () => {
        onStarted()
        for (let size = 0; size < printed; size += piece.length) {
          listener.receive('stdout', Buffer.from(piece))
        }
        await listener.finish()
        output.finish()
        if (--running === 0) {
          global.gc?.()
          const mb = process.memoryUsage().rss / 1024 / 1024
          const seconds = process.cpuUsage().user / 1e6
          console.log(`${pieceName.padEnd(44)} ${shareName.padEnd(16)} ${mb.toFixed(0).padStart(4)} MB  ${seconds.toFixed(2)} s`)
          letGo()
        }
        return {end: /** @type {const} */ ({reason: 'exited', exitCode: 0}), output, changes: noChanges, left: []}
      })
      return {completed, end: () => {}, kill: () => {}}
    },
    prepare: () => {},
    closeLeft: () => []
  }
  try {
    const options = {
      plan: wholePlan(count),
      powershells: [],
      maxParallel: 16,
      minParallel: 0,
      failFast: /** @type {const} */ ('false'),
      totalTimeoutMs: 0,
      workforce
    }
    const events = new EventStream([reader])
    await new Pool(instantTasks(count), options, events).run()
    await events.drained()
    if (read < count * printed) throw new Error(`${read} bytes were read`)
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}
