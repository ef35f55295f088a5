/** A frame: its kind, the id of a task or 0, and its payload. */
export interface Frame {
  readonly kind: number
  readonly id: number
  readonly payload: Buffer
}

/** Length of a header, in bytes: one for the kind, four each for id and length, lowest byte first. */
const headerLength = 9

/** Longest payload that a worker sends, in bytes; the worker sends at most 16 KiB of output in one frame. */
const longestPayload = 1024 * 1024

/** Encodes a frame whose payload is a list of strings: for each its length in bytes (-1 for `null`), then its UTF-8. */
export function encodeFrame(kind: number, id: number, fields: readonly (string | null)[]): Buffer {
  const lengths = fields.map(field => (field === null ? -1 : Buffer.byteLength(field)))
  const payloadLength = lengths.reduce((sum, length) => sum + 4 + Math.max(0, length), 0)
  const frame = Buffer.allocUnsafe(headerLength + payloadLength)
  frame[0] = kind
  frame.writeInt32LE(id, 1)
  frame.writeInt32LE(payloadLength, 5)
  let at = headerLength
  for (const [index, field] of fields.entries()) {
    at = frame.writeInt32LE(lengths[index] ?? -1, at)
    if (field !== null) at += frame.write(field, at)
  }
  return frame
}

/** Decodes such a payload; `undefined` if it is malformed. */
export function decodeFields(payload: Buffer): readonly (string | null)[] | undefined {
  const fields: (string | null)[] = []
  for (let at = 0; at < payload.length; ) {
    if (at + 4 > payload.length) return undefined
    const length = payload.readInt32LE(at)
    at += 4
    if (at + length > payload.length) return undefined
    fields.push(length < 0 ? null : payload.toString('utf8', at, at + length))
    at += Math.max(0, length)
  }
  return fields
}

/** Splits a stream of bytes into frames. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0)

  /** Takes the next bytes and returns the frames that they complete; `undefined` if no worker would send such bytes. */
  take(chunk: Buffer): readonly Frame[] | undefined {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const frames: Frame[] = []
    let at = 0
    while (at + headerLength <= bytes.length) {
      const length = bytes.readInt32LE(at + 5)
      if (length < 0 || length > longestPayload) return undefined
      const end = at + headerLength + length
      if (end > bytes.length) break
      frames.push({kind: bytes.readUInt8(at), id: bytes.readInt32LE(at + 1), payload: bytes.subarray(at + headerLength, end)})
      at = end
    }
    this.#rest = bytes.subarray(at)
    return frames
  }
}
