import type {RecordedOutput} from '../model/event.ts'
import type {Masker} from '../text/masker.ts'
import {type Cut, LineCutter} from './line-cutter.ts'
import {safeEnd} from './safe-end.ts'

/** What is handed on at once, in bytes, about. */
const batchSize = 256 * 1024

/** A recorded output in cuts of whole lines; longer lines are cut where no masked value is. */
export async function* cutsOf(output: Pick<RecordedOutput, 'chunks'>, masker: Masker): AsyncIterable<Cut> {
  const cutter = new LineCutter(bytes => safeEnd(bytes, masker))
  for await (const batch of batches(output.chunks())) yield* cutter.take(batch)
  yield* cutter.end()
}

/**
 * The same bytes in chunks of about `batchSize`, but for the last; `\r\n` is never torn. Small chunks are joined, and large ones divided, so that
 * a log gets little of them at a time.
 */
async function* batches(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Buffer> {
  let waiting: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += batchSize) {
      const part = chunk.subarray(at, at + batchSize)
      size += part.length
      if (size < batchSize) {
        waiting.push(part)
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
