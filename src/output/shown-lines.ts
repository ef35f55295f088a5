import type {RecordedOutput, UnreadOutput} from '../model/event.ts'
import type {OutputPart} from '../model/output-listener.ts'
import type {CommandMode} from '../model/settings.ts'
import type {Masker} from '../text/masker.ts'
import {PartReader} from './part-reader.ts'
import {type ShownLines, ShownOutput} from './shown-output.ts'

/** How output is interpreted and masked. */
export interface ShowOptions {
  readonly mode: CommandMode
  readonly masker: Masker
  readonly isDebug: boolean
  /** Called with each announced secret, new or not, before any later output is shown. */
  readonly onMask: (value: string) => void
}

/** Turns output into the lines that people see, each ending with `\n`. Lines are masked when they are iterated, not before. */
export type ShowOutput = (output: ShowableOutput) => AsyncIterable<ShownLines>

/** Output that was interpreted when it was recorded, or that is interpreted only now. */
export type ShowableOutput = Pick<RecordedOutput, 'parts'> | UnreadOutput

/** Returns a function that shows the output of any attempt. */
export function showOutput({masker, ...options}: ShowOptions): ShowOutput {
  return async function* (output) {
    const shown = new ShownOutput(masker)
    for await (const parts of 'parts' in output ? output.parts() : partsOf(output, options)) yield* shown.show(parts)
    const rest = shown.end()
    if (rest !== '') yield rest
  }
}

/** Interprets output that has not been interpreted yet. */
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
  for await (const {buffer, byteOffset, byteLength} of output.chunks()) {
    // Not copied: who keeps parts beyond the next ones copies them, and so does the reader.
    yield reader.take('stdout', Buffer.from(buffer, byteOffset, byteLength))
  }
  yield reader.end()
}
