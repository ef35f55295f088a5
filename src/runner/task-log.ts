import type {EventReader} from '../event.ts'
import {Masker} from '../masker.ts'
import type {ListenTo} from '../output-listener.ts'
import {AnnotationLedger} from '../report/annotation-ledger.ts'
import {attemptLogs} from '../report/attempt-logs.ts'
import {collectFailureTails, type FailureTails} from '../report/failure-tails.ts'
import {heartbeat} from '../report/heartbeat.ts'
import {plainLine} from '../report/log-text.ts'
import {LogWriter, type WriteLines} from '../report/log-writer.ts'
import {StepLog} from '../report/step-log.ts'
import type {Settings} from '../settings.ts'
import {AttemptListener} from '../task-command/attempt-listener.ts'
import {CommandInterpreter} from '../task-command/interpreter.ts'
import {showRecorded} from '../task-command/shown-lines.ts'
import {workflowCommand} from '../workflow-command.ts'

/** All that tells of a run while it goes on. */
export interface TaskLog {
  /** To be told what the pool tells. */
  readonly readers: readonly EventReader[]
  /** Hears the output of attempts. */
  readonly listenTo: ListenTo
  readonly tails: FailureTails
  /** Takes out what tasks have announced as secret so far. */
  readonly mask: (text: string) => string
}

/** What of the settings a log is made by. */
export type TaskLogSettings = Pick<Settings, 'log' | 'heartbeatMs' | 'logs' | 'annotations' | 'workflowCommands'>

/** Makes the log of a run, with what it shares: one writer, one list of masked values, one ledger of annotations. */
export function createTaskLog(settings: TaskLogSettings, write: WriteLines, isDebug: boolean): TaskLog {
  const {log, heartbeatMs, logs, workflowCommands: mode} = settings
  const masker = new Masker()
  const mask = (text: string) => masker.mask(text)
  const writer = new LogWriter(write)
  const annotations = settings.annotations ? new AnnotationLedger() : undefined
  const onMask = (value: string) => {
    // A log that cannot be written is told by the next one who writes.
    if (masker.add(value) && mode === 'forward') writer.write(`${workflowCommand('add-mask', value)}\n`).catch(() => {})
  }
  const shared = {mode, masker, isDebug, onMask}
  const show = showRecorded(shared)
  const {read, tails} = collectFailureTails(show)
  const stepLog = new StepLog({writer, log, show, tails, annotations, mask, isDebug})
  const warn = (text: string) =>
    writer.write(`${settings.annotations ? workflowCommand('warning', mask(text)) : plainLine(`Warning: ${text}`, mask)}\n`)
  return {
    readers: [
      setupMasks(onMask),
      read,
      stepLog.read,
      heartbeat(writer, heartbeatMs, mask),
      ...(logs === undefined ? [] : [attemptLogs(logs, masker, warn)])
    ],
    listenTo: task =>
      new AttemptListener({
        ...shared,
        onAnnotations: asked => annotations?.set(task, asked),
        print: log === 'live' ? lines => stepLog.print(task, lines).catch(() => {}) : undefined
      }),
    tails,
    mask
  }
}

// A reader of its own: it waits for nobody, so that no task can print what `setup` has announced before the log has come to it.
function setupMasks(onMask: (value: string) => void): EventReader {
  return event => {
    if (event.type !== 'worker-booted') return
    const interpreter = new CommandInterpreter('ignore')
    for (const line of event.text.split(/\r\n|\n|\r/)) {
      const meaning = interpreter.read(line)
      if (meaning.kind === 'mask') onMask(meaning.value)
    }
  }
}
