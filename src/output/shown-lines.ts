import type {RecordedOutput, UnreadOutput} from '../model/event.ts'
import type {OutputPart} from '../model/output-listener.ts'
import type {CommandMode} from '../model/settings.ts'
import type {Masker} from '../text/masker.ts'
import {PartReader} from './part-reader.ts'
import {type ShownLines, ShownOutput} from './shown-output.ts'

/** How output is shown. */
export interface ShowOptions {
  readonly mode: CommandMode
  readonly masker: Masker
  readonly isDebug: boolean
  /** Is given each value that nobody is to see, known or not, before anything that comes after it is shown. */
  readonly onMask: (value: string) => void
}

/** Turns output into what people see of it: whole lines, each with `\n` at its end, masked the moment they are asked for. */
export type ShowOutput = (output: ShowableOutput) => AsyncIterable<ShownLines>

/** What was recorded as it was heard, or what is read for commands only now. */
export type ShowableOutput = Pick<RecordedOutput, 'parts'> | UnreadOutput

/** Makes what shows the output of any attempt. */
export function showOutput({masker, ...options}: ShowOptions): ShowOutput {
  return async function* (output) {
    const shown = new ShownOutput(masker)
    for await (const parts of 'parts' in output ? output.parts() : partsOf(output, options)) yield* shown.show(parts)
    const rest = shown.end()
    if (rest !== '') yield rest
  }
}

/** The parts of an output that nobody has read. */
export async function* partsOf(
  output: UnreadOutput,
  {mode, isDebug, onMask}: Omit<ShowOptions, 'masker'>
): AsyncIterable<readonly OutputPart[]> {
  const reader = new PartReader({
    mode,
    isDebug,
    onMeaning: meaning => {
      if (meaning.kind === 'mask') onMask(meaning.value)
    }
  })
  for await (const chunk of output.chunks()) yield reader.take('stdout', Buffer.from(chunk))
  yield reader.end()
}
