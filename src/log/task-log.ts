import type {EventReader, PoolEvent} from '../model/event.ts'
import type {CreateListener, CreateSetupListener} from '../model/output-listener.ts'
import type {Settings} from '../model/settings.ts'
import type {FailureTails} from '../report/failure-tails.ts'
import type {Mask} from '../report/masked-run.ts'
import {workflowCommand} from '../workflow-commands/workflow-command.ts'
import {AnnotationLedger} from './annotation-ledger.ts'
import {heartbeat} from './heartbeat.ts'
import type {LogMarkup} from './log-markup.ts'
import {plainLine} from './log-text.ts'
import {LogWriter, type WriteLines} from './log-writer.ts'
import {createOutputPipeline} from './output-pipeline.ts'
import {StepLog} from './step-log.ts'

/** All that tells of a run while it goes on. */
export interface TaskLog {
  /** To be told what the pool tells. */
  readonly readers: readonly EventReader[]
  /** To be told, before that, of the run of the script that makes the list. */
  readonly listReaders: readonly EventReader[]
  /** Hears the output of attempts. */
  readonly createListener: CreateListener
  /** Hears what modules and setup print in workers. */
  readonly createSetupListener: CreateSetupListener
  readonly tails: FailureTails
  /** Takes out what tasks have announced as secret so far. */
  readonly mask: Mask
}

/** What of the settings a log is made by. */
export type TaskLogSettings = Pick<Settings, 'log' | 'heartbeatMs' | 'logs' | 'annotations' | 'workflowCommands' | 'workspace'> &
  Partial<Pick<Settings, 'modules' | 'setup'>>

/** How a log is written. */
export interface TaskLogTarget {
  readonly write: WriteLines
  readonly markup: LogMarkup
  /** Whether what the pool decides is told as well. */
  readonly isDebug: boolean
}

/** Makes the log of a run, with what it shares: one writer, one list of masked values, one ledger of annotations. */
export function createTaskLog(settings: TaskLogSettings, {write, markup, isDebug}: TaskLogTarget): TaskLog {
  const {log, heartbeatMs, workflowCommands: mode, workspace} = settings
  const writer = new LogWriter(write)
  const annotations = settings.annotations ? new AnnotationLedger() : undefined
  const warn = (text: string) =>
    writer.write(`${settings.annotations ? workflowCommand('warning', text) : plainLine(`Warning: ${text}`, {mask: same, markup})}\n`)
  const pipeline = createOutputPipeline({
    ...settings,
    isDebug,
    warn,
    onMask: value => {
      // A log that cannot be written is told by the next one who writes.
      if (mode === 'forward' && markup.mask !== undefined) writer.write(markup.mask(value)).catch(() => {})
    }
  })
  const {show, tails, tailsRead, mask} = pipeline
  const stepLog = new StepLog({writer, log, show, tails, tailsRead, annotations, workspace, mask, markup, isDebug, warn})
  const beat = () => heartbeat(writer, heartbeatMs, {mask, markup}, preparedText(settings))
  return {
    readers: [...pipeline.readers, stepLog.read, beat()],
    listReaders: [...pipeline.listReaders, endsOnly(stepLog.read), beat()],
    createListener: pipeline.createListener({
      onAnnotations: (task, asked) => annotations?.add(task, asked),
      isShownWhole: log === 'live' && settings.logs === undefined,
      print: log === 'live' ? (task, lines) => stepLog.print(task, lines).catch(() => {}) : undefined
    }),
    createSetupListener: pipeline.createSetupListener,
    tails,
    mask
  }
}

function preparedText({modules = [], setup = ''}: TaskLogSettings): string {
  return [...(modules.length > 0 ? ['the import of modules'] : []), ...(setup.trim() === '' ? [] : ['setup'])].join(' or ')
}

/** The start and the totals of a run of one script say nothing, and what modules and `setup` print is told with the tasks. */
function endsOnly(read: EventReader): EventReader {
  return event => (toldOfScript.has(event.type) ? read(event) : undefined)
}

const toldOfScript: ReadonlySet<PoolEvent['type']> = new Set([
  'attempt-started',
  'attempt-ending',
  'attempt-ended',
  'worker-started',
  'worker-ready',
  'worker-lost',
  'signal-sent',
  'process-not-ended'
])

const same: Mask = text => text
