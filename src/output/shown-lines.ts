import type {RecordedOutput} from '../model/event.ts'
import type {CommandMode} from '../model/settings.ts'
import type {Masker} from '../text/masker.ts'
import {CommandInterpreter, type LineMeaning} from '../workflow-commands/interpreter.ts'
import {cutsOf} from './output-cuts.ts'
import {type ShownLines, ShownOutput} from './shown-output.ts'

/** How recorded output is shown. */
export interface ShowRecordedOptions {
  readonly mode: CommandMode
  readonly masker: Masker
  readonly isDebug: boolean
  /** Is given each value that nobody is to see, known or not, before anything that comes after it is shown. */
  readonly onMask: (value: string) => void
}

/** Turns output into what people see of it: whole lines, each with `\n` at its end, masked the moment they are asked for. */
export type ShowRecorded = (output: ShowableOutput) => AsyncIterable<ShownLines>

/** What is shown of an output. Without `hasCommandSigns` commands are looked for. */
export type ShowableOutput = Pick<RecordedOutput, 'chunks'> & Partial<Pick<RecordedOutput, 'hasCommandSigns'>>

/** Makes what shows the recorded output of any attempt. */
export function showRecorded({mode, masker, isDebug, onMask}: ShowRecordedOptions): ShowRecorded {
  const onMeaning = (meaning: LineMeaning) => {
    if (meaning.kind === 'mask') onMask(meaning.value)
  }
  return async function* (output) {
    const shown = new ShownOutput({interpreter: new CommandInterpreter(mode), masker, isDebug, said: new Set(), onMeaning})
    const {hasCommandSigns} = output
    for await (const cut of cutsOf(output, masker)) yield* shown.show({...cut, hasCommandSigns})
  }
}
