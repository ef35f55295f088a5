import type {RecordedOutput} from '../event.ts'
import type {Masker} from '../masker.ts'
import type {CommandMode} from '../settings.ts'
import {CommandInterpreter, type LineMeaning} from './interpreter.ts'
import {LineCutter} from './line-cutter.ts'
import {safeEnd} from './safe-end.ts'
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

/** What is handed on at once, in bytes, about. */
const batchSize = 256 * 1024

/** Makes what shows the recorded output of any attempt. */
export function showRecorded({mode, masker, isDebug, onMask}: ShowRecordedOptions): ShowRecorded {
  const onMeaning = (meaning: LineMeaning) => {
    if (meaning.kind === 'mask') onMask(meaning.value)
  }
  return async function* (output) {
    const cutter = new LineCutter(bytes => safeEnd(bytes, masker))
    const shown = new ShownOutput({interpreter: new CommandInterpreter(mode), masker, isDebug, said: new Set(), onMeaning})
    const {hasCommandSigns} = output
    for await (const batch of batches(output.chunks())) {
      for (const cut of cutter.take(batch)) yield* shown.show({...cut, hasCommandSigns})
    }
    for (const cut of cutter.end()) yield* shown.show({...cut, hasCommandSigns})
  }
}

/**
 * The same bytes in chunks of about `batchSize`, but for the last; `\r\n` is never torn. Small chunks are joined, and large ones divided, so that
 * little of them is text at a time. Lent, as the chunks themselves are.
 */
export async function* batches(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Buffer> {
  let waiting: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += batchSize) {
      const part = chunk.subarray(at, at + batchSize)
      size += part.length
      if (size < batchSize) {
        waiting.push(Buffer.from(part))
        continue
      }
      const batch = joined([...waiting, part])
      const end = batch.at(-1) === 0x0d ? batch.length - 1 : batch.length
      waiting = end < batch.length ? [Uint8Array.of(0x0d)] : []
      size = batch.length - end
      yield batch.subarray(0, end)
    }
  }
  if (size > 0) yield joined(waiting)
}

function joined(chunks: readonly Uint8Array[]): Buffer {
  const [first] = chunks
  return chunks.length === 1 && first !== undefined ? Buffer.from(first.buffer, first.byteOffset, first.length) : Buffer.concat(chunks)
}
