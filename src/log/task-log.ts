import type {EventReader, PoolEvent} from '../model/event.ts'
import type {CreateListener, CreateSetupListener} from '../model/output-listener.ts'
import {keepsLogs, type LogFiles, type Settings} from '../model/settings.ts'
import type {ShowVerbatim} from '../output/verbatim-log.ts'
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

/** The log of a run, and what it needs while the run goes on. */
export interface TaskLog {
  /** Readers of the pool's events. */
  readonly readers: readonly EventReader[]
  /** Readers of the events of the run of `tasks-script`, which comes first. */
  readonly listReaders: readonly EventReader[]
  /** Creates the listener of an attempt. */
  readonly createListener: CreateListener
  /** Creates the listener for what modules and `setup` print in a worker. */
  readonly createSetupListener: CreateSetupListener
  readonly tails: FailureTails
  readonly showVerbatim: ShowVerbatim
  /** Masks what tasks have announced as secret so far. */
  readonly mask: Mask
}

/** The settings that shape the log. */
export type TaskLogSettings = Pick<Settings, 'log' | 'heartbeatMs' | 'logs' | 'annotations' | 'workflowCommands' | 'workspace'> &
  Partial<Pick<Settings, 'modules' | 'setup'> & LogFiles>

/** Where and how the log is written. */
export interface TaskLogTarget {
  readonly write: WriteLines
  readonly markup: LogMarkup
  /** Whether the pool's decisions are logged. */
  readonly isDebug: boolean
}

/** Creates the log of a run: one writer, one list of masked values, one ledger of annotations. */
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
      // If the log cannot be written, the next write reports it.
      if (mode === 'forward' && markup.mask !== undefined) writer.write(markup.mask(value)).catch(() => {})
    }
  })
  const {show, showVerbatim, tails, tailsRead, mask} = pipeline
  const stepLog = new StepLog({writer, log, show, tails, tailsRead, annotations, workspace, mask, markup, isDebug, warn})
  const beat = () => heartbeat(writer, heartbeatMs, {mask, markup}, preparedText(settings))
  return {
    readers: [...pipeline.readers, stepLog.read, beat()],
    listReaders: [...pipeline.listReaders, endsOnly(stepLog.read), beat()],
    createListener: pipeline.createListener({
      onAnnotations: (task, asked) => annotations?.add(task, asked),
      isShownWhole: log === 'live' && settings.logs === undefined && !keepsLogs(settings),
      print: log === 'live' ? (task, lines) => stepLog.print(task, lines).catch(() => {}) : undefined
    }),
    createSetupListener: pipeline.createSetupListener,
    tails,
    showVerbatim,
    mask
  }
}

function preparedText({modules = [], setup = ''}: TaskLogSettings): string {
  return [...(modules.length > 0 ? ['the import of modules'] : []), ...(setup.trim() === '' ? [] : ['setup'])].join(' or ')
}

/** Leaves out the start and totals of the run of `tasks-script`, and what modules and `setup` print, which is shown with the tasks. */
function endsOnly(read: EventReader): EventReader {
  return event => (scriptEvents.has(event.type) ? read(event) : undefined)
}

const scriptEvents: ReadonlySet<PoolEvent['type']> = new Set([
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
