import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import type {EventReader, RecordedOutput} from '../model/event.ts'
import type {Task} from '../model/task.ts'
import {verbatimLog} from '../output/verbatim-log.ts'
import {isSystemError} from '../text/bug.ts'
import type {Masker} from '../text/masker.ts'

/** How much of a task's id is in the name of its log, in bytes of UTF-8: file names may have 255. */
const longestName = 100

/** The file name of an attempt's log. It is safe on every system: ids are letters, digits, `_` and `-`, and the number keeps `con` from being a device. */
export function logFileName(task: Task, attempt: number, tasks: number): string {
  const number = String(task.index + 1).padStart(String(tasks).length, '0')
  return `${number}-${cutToBytes(task.id, longestName)}.${attempt}.log`
}

function cutToBytes(text: string, bytes: number): string {
  let kept = ''
  for (const character of text) {
    if (Buffer.byteLength(kept + character) > bytes) break
    kept += character
  }
  return kept
}

/**
 * Returns a reader that writes the complete log of each attempt to a file in `folder`, which it creates. If that fails, it warns once and the run goes on.
 */
export function attemptLogs(folder: string, masker: Masker, warn: (text: string) => Promise<void>): EventReader {
  let tasks = 0
  let hasFailed = false
  return async event => {
    if (event.type === 'run-started') tasks = event.tasks.length
    if (event.type !== 'attempt-ended' || hasFailed) return
    try {
      await writeLog(path.join(folder, logFileName(event.task, event.attempt.number, tasks)), event.output, masker)
    } catch (error) {
      if (!isSystemError(error)) throw error
      hasFailed = true
      await warn(`The logs of the tasks cannot be written to ${folder}: ${error.message}`)
    }
  }
}

async function writeLog(file: string, output: RecordedOutput, masker: Masker): Promise<void> {
  await mkdir(path.dirname(file), {recursive: true})
  await writeFile(file, verbatimLog(output, masker))
}
