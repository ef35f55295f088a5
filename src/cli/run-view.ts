import type {WriteLines} from '../log/log-writer.ts'
import {createOutputPipeline, type OutputPipeline} from '../log/output-pipeline.ts'
import {createTaskLog, type TaskLog} from '../log/task-log.ts'
import type {Settings} from '../model/settings.ts'
import type {Colors} from './terminal/colors.ts'
import {plainMarkup} from './terminal/plain-markup.ts'
import type {TerminalStream} from './terminal/screen.ts'
import {TerminalView} from './terminal/terminal-view.ts'

/** The output that shows a run. */
export interface ViewTarget {
  readonly write: WriteLines
  readonly colors: Colors
  /** The terminal behind `write`, or `undefined` for plain text. */
  readonly terminal: TerminalStream | undefined
  /** `true` adds debug lines. */
  readonly isDebug: boolean
}

/** The live view for a terminal, or a plain log elsewhere. */
export function createRunView(settings: Settings, target: ViewTarget): TaskLog {
  const {write, colors, terminal, isDebug} = target
  if (terminal === undefined) return createTaskLog(settings, {write, markup: plainMarkup(colors), isDebug})
  const pipeline: OutputPipeline = createOutputPipeline({...settings, isDebug, warn: text => view.print(`Warning: ${text}`)})
  const view = new TerminalView({stream: terminal, write, colors, ...pipeline})
  const {createSetupListener, showVerbatim, tails, mask} = pipeline
  const listReaders = [...pipeline.listReaders, view.readList]
  return {
    readers: [...pipeline.readers, ...view.readers],
    listReaders,
    createListener: pipeline.createListener({print: view.onLines}),
    createSetupListener,
    tails,
    showVerbatim,
    mask
  }
}
