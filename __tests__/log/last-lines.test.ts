import path from 'node:path'
import {expect, test} from '@jest/globals'
import {workflowMarkup} from '../../src/log/log-markup.ts'
import {createTaskLog} from '../../src/log/task-log.ts'
import type {RecordedOutput} from '../../src/model/event.ts'
import {EventStream} from '../../src/model/event-stream.ts'
import type {LogMode} from '../../src/model/settings.ts'
import {createRecord, exited, planOf, powershell, printed, ranFor} from '../support/create-record.ts'
import {createTask} from '../support/create-task.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const folder = temporaryFolder()

/** The same output, whose bytes the first who asks for them gets when `opened` resolves, and everybody else at once. */
function slowForOne(output: RecordedOutput, opened: Promise<void>): RecordedOutput {
  let hasAsked = false
  return {
    ...output,
    async *parts() {
      const isFirst = !hasAsked
      hasAsked = true
      if (isFirst) await opened
      yield* output.parts()
    }
  }
}

const cases: readonly (readonly [LogMode, string | undefined])[] = [
  ['live', path.join(folder, 'logs')],
  ['grouped', path.join(folder, 'logs')],
  ['grouped', undefined]
]

/** What a failed attempt has printed, told to the readers of a log at once with the end of the run. */
async function logOf(
  log: LogMode,
  logs: string | undefined,
  output: (opened: Promise<void>) => RecordedOutput
): Promise<{text: string; failed: boolean}> {
  let text = ''
  const write = async (more: string | Uint8Array) => {
    text += Buffer.from(more).toString()
  }
  const taskLog = createTaskLog(
    {workspace: '/repo', log, logs, heartbeatMs: 0, annotations: true, workflowCommands: 'forward'},
    {write, markup: workflowMarkup, isDebug: false}
  )
  const events = new EventStream(taskLog.readers)
  const record = createRecord([ranFor(createTask({id: 'broken'}), [{ms: 1, end: exited(3)}])])
  const {task, attempts} = record.tasks[0] ?? {}
  const [attempt] = attempts ?? []
  if (task === undefined || attempt === undefined) throw new Error('Expected a task with an attempt')
  let open = () => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  void events.publish({type: 'run-started', plan: planOf([task]), tasks: [task], powershells: [powershell], maxParallel: 1})
  void events.publish({type: 'attempt-ended', task, attempt, output: output(opened), retryInMs: undefined})
  void events.publish({type: 'run-ended', record})
  for (let turn = 0; turn < 10; turn++) await new Promise(resolve => setImmediate(resolve))
  open()
  const failed = await events.drained().then(
    () => false,
    () => true
  )
  return {text, failed}
}

test.each(cases)('the last lines of a failure stand at the end of the log also if they are read last, %s, logs: %s', async (log, logs) => {
  const {text, failed} = await logOf(log, logs, opened => slowForOne(printed('the cause\n'), opened))
  expect(failed).toBe(false)
  expect(text.slice(text.indexOf('Failed: 1 of 1'))).toContain('    the cause\n')
})

test('a run whose output cannot be read has an end of its log all the same', async () => {
  const {text, failed} = await logOf('live', path.join(folder, 'logs'), () => ({
    ...printed(),
    async *parts() {
      yield* printed('the cause\n').parts()
      throw new Error('a broken disk')
    }
  }))
  expect(failed).toBe(true)
  expect(text).toContain('Failed: 1 of 1')
})
