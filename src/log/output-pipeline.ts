import type {EventReader} from '../model/event.ts'
import type {CreateListener, CreateSetupListener} from '../model/output-listener.ts'
import type {Settings} from '../model/settings.ts'
import {isDecidedBy, type Task} from '../model/task.ts'
import {AttemptListener} from '../output/attempt-listener.ts'
import {partsOf, type ShowOutput, showOutput} from '../output/shown-lines.ts'
import type {ShownLines} from '../output/shown-output.ts'
import {type ShowVerbatim, verbatimLog} from '../output/verbatim-log.ts'
import {collectFailureTails, type FailureTails} from '../report/failure-tails.ts'
import type {Mask} from '../report/masked-run.ts'
import {Masker} from '../text/masker.ts'
import type {AttemptAnnotations} from '../workflow-commands/attempt-annotations.ts'
import {attemptLogs} from './attempt-logs.ts'
import {PrintedTails} from './printed-tails.ts'

/** What the output pipeline needs. */
export interface OutputPipelineOptions extends Pick<Settings, 'logs' | 'workflowCommands'> {
  readonly isDebug: boolean
  /** Called with each new announced secret, before any later output is shown. */
  readonly onMask?: ((value: string) => void) | undefined
  /** Writes a masked warning about files that could not be written. */
  readonly warn: (text: string) => Promise<void>
}

/** What happens with output while its attempt runs. */
export interface LiveOutput {
  /** Called at the end of an attempt with what it asked to annotate. */
  readonly onAnnotations?: ((task: Task, annotations: AttemptAnnotations) => void) | undefined
  /** Shows lines as they arrive, each ending with `\n`; never rejects. `undefined` if they are shown only after the attempt. */
  readonly print?: ((task: Task, lines: ShownLines) => Promise<void>) | undefined
  /** `true` if nobody reads the output after its attempt. Then only its end is kept. */
  readonly isShownWhole?: boolean
}

/** What all views of the output share: one list of masked values, and one way to show output. */
export interface OutputPipeline {
  /** Readers of the pool's events. They come before those that show output. */
  readonly readers: readonly EventReader[]
  /** The same for the run of `tasks-script`. */
  readonly listReaders: readonly EventReader[]
  readonly createListener: (live: LiveOutput) => CreateListener
  /** Creates the listener that masks values announced by modules and `setup`. */
  readonly createSetupListener: CreateSetupListener
  readonly show: ShowOutput
  readonly showVerbatim: ShowVerbatim
  /** The last lines of each task that did not succeed; filled while events are read. */
  readonly tails: FailureTails
  /** Resolves when `tails` is complete, or will never be because reading failed. Never rejects. */
  readonly tailsRead: Promise<void>
  /** Masks what tasks have announced as secret so far. */
  readonly mask: Mask
}

/** Creates the pipeline: masks, workflow commands, last lines, and complete logs if `logs` is set. */
export function createOutputPipeline({
  logs,
  workflowCommands: mode,
  isDebug,
  onMask: onNewMask,
  warn
}: OutputPipelineOptions): OutputPipeline {
  const masker = new Masker()
  const mask: Mask = text => masker.mask(text)
  const onMask = (value: string) => {
    if (masker.add(value)) onNewMask?.(value)
  }
  const shared = {mode, masker, isDebug, onMask}
  const show = showOutput(shared)
  const printed = new PrintedTails()
  const {read, tails} = collectFailureTails(event => printed.textsOf(event) ?? show(event.output))
  const readTails: EventReader = async event => {
    try {
      await read(event)
    } finally {
      if (event.type === 'attempt-ended') printed.forget(event)
    }
  }
  const {readToEnd, ended} = untilEnd(readTails)
  return {
    listReaders: [readTails],
    readers: [readToEnd, ...(logs === undefined ? [] : [attemptLogs(logs, masker, text => warn(mask(text)))])],
    createListener:
      ({print, onAnnotations, isShownWhole = false}) =>
      (task, attempt, record) => {
        const tail = isShownWhole ? printed.begin(task, attempt) : undefined
        return new AttemptListener({
          ...shared,
          isRecorded: !isShownWhole,
          isSearched: isDecidedBy('match', task.retry, attempt),
          record,
          onAnnotations: asked => onAnnotations?.(task, asked),
          print:
            print &&
            (lines => {
              tail?.(lines)
              return print(task, lines)
            })
        })
      },
    createSetupListener: () =>
      new AttemptListener({...shared, mode: 'ignore', isRecorded: false, record: () => {}, onAnnotations: () => {}, print: undefined}),
    show,
    showVerbatim: output => verbatimLog('parts' in output ? output : {parts: () => partsOf(output, asText)}, masker),
    tails,
    tailsRead: ended,
    mask
  }
}

/** No line is a command: for output whose commands have been carried out. */
const asText = {mode: 'ignore', isDebug: false, onMask: () => {}} as const

/** Wraps a reader; `ended` resolves when it has read the whole run or has failed. */
function untilEnd(read: EventReader): {readonly readToEnd: EventReader; readonly ended: Promise<void>} {
  let end = () => {}
  const ended = new Promise<void>(resolve => {
    end = resolve
  })
  const readToEnd: EventReader = async event => {
    try {
      await read(event)
    } catch (error) {
      end()
      throw error
    }
    if (event.type === 'run-ended') end()
  }
  return {readToEnd, ended}
}
