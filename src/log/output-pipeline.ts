import type {EventReader} from '../model/event.ts'
import type {CreateListener, CreateSetupListener} from '../model/output-listener.ts'
import type {Settings} from '../model/settings.ts'
import type {Task} from '../model/task.ts'
import {AttemptListener} from '../output/attempt-listener.ts'
import {type ShowOutput, showOutput} from '../output/shown-lines.ts'
import type {ShownLines} from '../output/shown-output.ts'
import {collectFailureTails, type FailureTails} from '../report/failure-tails.ts'
import type {Mask} from '../report/masked-run.ts'
import {Masker} from '../text/masker.ts'
import type {AttemptAnnotations} from '../workflow-commands/attempt-annotations.ts'
import {attemptLogs} from './attempt-logs.ts'
import {PrintedTails} from './printed-tails.ts'

/** What is done about what tasks print. */
export interface OutputPipelineOptions extends Pick<Settings, 'logs' | 'workflowCommands'> {
  readonly isDebug: boolean
  /** Is given each new value that nobody is to see from now on, before anything that comes after it is shown. */
  readonly onMask?: ((value: string) => void) | undefined
  /** Is told, masked, what could not be written. */
  readonly warn: (text: string) => Promise<void>
}

/** What is shown of attempts while they run. */
export interface LiveOutput {
  /** Is given, once an attempt is over, what is to be annotated. */
  readonly onAnnotations?: ((task: Task, annotations: AttemptAnnotations) => void) | undefined
  /** Shows lines as they come, each with `\n` at its end; never rejects. `undefined` where they are shown when the attempt is over. */
  readonly print?: ((task: Task, lines: ShownLines) => Promise<void>) | undefined
  /** Whether nobody reads an output once its attempt is over: then only the end of what was printed is kept. */
  readonly isShownWhole?: boolean
}

/** What everything shares that tells of what tasks print: one list of masked values, and one way to show output. */
export interface OutputPipeline {
  /** To be told what the pool tells, before those who show it. */
  readonly readers: readonly EventReader[]
  /** The same for the script that makes the list. */
  readonly listReaders: readonly EventReader[]
  readonly createListener: (live: LiveOutput) => CreateListener
  /** Hears the values that modules and setup announce, in any worker. */
  readonly createSetupListener: CreateSetupListener
  readonly show: ShowOutput
  /** The last lines of each task that did not succeed, as soon as they are read. */
  readonly tails: FailureTails
  /** Resolves when those of the run are all there, or nobody reads them any more because that has failed. Never rejects. */
  readonly tailsRead: Promise<void>
  /** Takes out what tasks have announced as secret so far. */
  readonly mask: Mask
}

/** Hears what tasks print: masks, commands, last lines, and complete logs where these are wanted. */
export function createOutputPipeline({logs, workflowCommands: mode, isDebug, onMask: onNewMask, warn}: OutputPipelineOptions): OutputPipeline {
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
    tails,
    tailsRead: ended,
    mask
  }
}

/** The same reader, with what tells that it has read all of a run, or has failed. */
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
