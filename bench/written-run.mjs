import os from 'node:os'
import path from 'node:path'
import {partsOf} from '../lib/output/shown-lines.js'
import {verbatimLog} from '../lib/output/verbatim-log.js'
import {RunCapture} from '../lib/pages/run-capture.js'
import {Masker} from '../lib/text/masker.js'

const asText = /** @type {const} */ ({mode: 'ignore', isDebug: false, onMask: () => {}})

/**
 * Writes the page of a simulated run as the action does: from its events, through the store of logs; or a recording, if the file ends in `.zip`. `onKept` is
 * called when all logs are kept.
 * @param {ReturnType<typeof import('./simulated-run.mjs').simulatedRun>} run
 * @param {string} file
 * @param {() => void} onKept
 */
export async function writtenRun({record, log}, file, onKept = () => {}) {
  const masker = new Masker()
  const isRecording = file.endsWith('.zip')
  const capture = new RunCapture(
    {
      htmlReport: isRecording ? undefined : path.resolve(file),
      recording: isRecording ? path.resolve(file) : undefined,
      traceReport: undefined
    },
    {
      temporaryFolder: os.tmpdir(),
      show: output => verbatimLog('parts' in output ? output : {parts: () => partsOf(output, asText)}, masker),
      mask: text => masker.mask(text)
    }
  )
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
  onKept()
  const warnings = await capture.write({record, tails: new Map()})
  if (warnings.length > 0) throw new Error(warnings.join('\n'))
}
