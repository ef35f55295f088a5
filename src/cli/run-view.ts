import type {WriteLines} from '../log/log-writer.ts'
import {hearOutput, type OutputHearing} from '../log/output-hearing.ts'
import {createTaskLog, type TaskLog} from '../log/task-log.ts'
import type {Settings} from '../model/settings.ts'
import type {Colors} from '../terminal/colors.ts'
import {plainMarkup} from '../terminal/plain-markup.ts'
import type {TerminalStream} from '../terminal/screen.ts'
import {TerminalView} from '../terminal/terminal-view.ts'

/** Where a run is shown. */
export interface ViewTarget {
  readonly write: WriteLines
  readonly colors: Colors
  /** The terminal that `write` writes to, where a view is to be drawn on it. */
  readonly terminal: TerminalStream | undefined
  /** Whether what the pool decides is told as well. */
  readonly isDebug: boolean
}

/** Makes what shows a run to a person: a view in a terminal, or a log. */
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
