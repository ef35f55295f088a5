import type {WriteLines} from '../log/log-writer.ts'
import {hearOutput, type OutputHearing} from '../log/output-hearing.ts'
import {createTaskLog, type TaskLog} from '../log/task-log.ts'
import type {Settings} from '../model/settings.ts'
import type {Colors} from '../terminal/colors.ts'
import {plainMarkup} from '../terminal/plain-markup.ts'
import type {TerminalStream} from '../terminal/screen.ts'
import {TerminalView} from '../terminal/terminal-view.ts'

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
  const hearing: OutputHearing = hearOutput({...settings, isDebug, warn: text => view.print(`Warning: ${text}`)})
  const view = new TerminalView({stream: terminal, write, colors, ...hearing})
  const {listenToSetup, tails, mask} = hearing
  const listReaders = [...hearing.listReaders, view.readList]
  return {
    readers: [...hearing.readers, ...view.readers],
    listReaders,
    listenTo: hearing.listenTo({print: view.onLines}),
    listenToSetup,
    tails,
    mask
  }
}
