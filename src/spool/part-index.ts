import type {OutputPart} from '../model/output-listener.ts'
import type {ByteReader} from './file-reader.ts'

/** A part of the output, with the number of its bytes in place of the bytes. */
export interface IndexEntry extends Omit<OutputPart, 'bytes'> {
  readonly length: number
}

const isOfStderr = 1
const isContinued = 2
const isOpen = 4
const isReplaced = 8

const headSize = 5
const lengthSize = 4

/** Encodes an entry: flags, length, and the shown text with its length if there is one. */
export function encodedEntry({stream, length, shown, ...line}: IndexEntry): Buffer {
  const size = shown === undefined ? 0 : Buffer.byteLength(shown)
  const bytes = Buffer.allocUnsafe(headSize + (shown === undefined ? 0 : lengthSize + size))
  const ofLine = (line.isContinued ? isContinued : 0) | (line.isOpen ? isOpen : 0)
  bytes.writeUInt8((stream === 'stderr' ? isOfStderr : 0) | ofLine | (shown === undefined ? 0 : isReplaced))
  bytes.writeUInt32LE(length, 1)
  if (shown !== undefined) {
    bytes.writeUInt32LE(size, headSize)
    bytes.write(shown, headSize + lengthSize)
  }
  return bytes
}

/** How much of the index is read at once, in bytes. */
const readSize = 64 * 1024

/** The first `count` entries of an index, in groups whose parts have at most `groupSize` bytes together; a larger part is a group of its own. */
export async function* entryGroups(index: ByteReader, count: number, groupSize: number): AsyncIterable<readonly IndexEntry[]> {
  let group: IndexEntry[] = []
  let size = 0
  let block: Buffer = Buffer.alloc(0)
  for (let left = count; left > 0; ) {
    block = Buffer.concat([block, await index.read(readSize)])
    let at = 0
    for (; left > 0; left--) {
      const end = entryEnd(block, at)
      if (end === undefined) break
      const entry = entryAt(block, at, end)
      at = end
      if (group.length > 0 && size + entry.length > groupSize) {
        yield group
        group = []
        size = 0
      }
      group.push(entry)
      size += entry.length
    }
    block = block.subarray(at)
  }
  if (group.length > 0) yield group
}

/** The end of the entry at `at`; `undefined` if it is not complete. */
function entryEnd(bytes: Buffer, at: number): number | undefined {
  let end = at + headSize
  if (end > bytes.length) return undefined
  if (((bytes[at] ?? 0) & isReplaced) !== 0) {
    end += lengthSize
    if (end > bytes.length) return undefined
    end += bytes.readUInt32LE(at + headSize)
  }
  return end > bytes.length ? undefined : end
}

function entryAt(bytes: Buffer, at: number, end: number): IndexEntry {
  const flags = bytes[at] ?? 0
  return {
    stream: (flags & isOfStderr) === 0 ? 'stdout' : 'stderr',
    length: bytes.readUInt32LE(at + 1),
    isContinued: (flags & isContinued) !== 0,
    isOpen: (flags & isOpen) !== 0,
    shown: (flags & isReplaced) === 0 ? undefined : bytes.toString('utf8', at + headSize + lengthSize, end)
  }
}
