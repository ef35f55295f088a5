import {isUtf8} from 'node:buffer'
import type {RecordedOutput} from '../event.ts'
import {type Masker, mask} from '../masker.ts'
import {CommandInterpreter} from './interpreter.ts'
import {type Cut, LineCutter, smallerCuts, textSize} from './line-cutter.ts'
import {mayHaveCommand} from './parse-command.ts'
import {safeEnd} from './safe-end.ts'
import {batches} from './shown-lines.ts'

/**
 * The bytes of an output as they are, but for masked values. A line that announces one says `***` instead. Bytes that are not UTF-8 become
 * U+FFFD only in lines in which something was masked. What it gives is lent until the next is asked for.
 */
export async function* verbatimLog(output: Pick<RecordedOutput, 'chunks'>, masker: Masker): AsyncIterable<Uint8Array> {
  const cutter = new LineCutter(bytes => safeEnd(bytes, masker))
  const announcements = new CommandInterpreter('ignore')
  for await (const batch of batches(output.chunks())) for (const cut of cutter.take(batch)) yield* maskedParts(cut, masker, announcements)
  for (const cut of cutter.end()) yield* maskedParts(cut, masker, announcements)
}

function* maskedParts(cut: Cut, masker: Masker, announcements: CommandInterpreter): Iterable<Uint8Array> {
  if (isPlain(cut.bytes, masker)) yield cut.bytes
  else for (const {bytes} of smallerCuts(cut, textSize)) yield isPlain(bytes, masker) ? bytes : maskedBytes(bytes, masker, announcements)
}

/** Whether there is surely nothing to be masked; told without looking at each line. */
function isPlain(bytes: Buffer, masker: Masker): boolean {
  return isUtf8(bytes) && !mayHaveCommand(bytes) && !masker.occursIn(bytes)
}

function maskedBytes(bytes: Buffer, masker: Masker, announcements: CommandInterpreter): Uint8Array {
  const isText = isUtf8(bytes)
  const text = bytes.toString()
  if (!mayHaveCommand(text) && masker.mask(text) === text) return bytes
  if (isText) return Buffer.from(masker.mask(withoutAnnounced(text, announcements)))
  return Buffer.concat(linesOf(bytes).map(line => maskedLine(line, masker, announcements)))
}

function maskedLine(line: Buffer, masker: Masker, announcements: CommandInterpreter): Buffer {
  const text = line.toString()
  const masked = masker.mask(withoutAnnounced(text, announcements))
  return masked === text ? line : Buffer.from(masked)
}

function withoutAnnounced(text: string, announcements: CommandInterpreter): string {
  if (!mayHaveCommand(text)) return text
  return text.replace(/[^\r\n]+/g, line => (announcements.read(line).kind === 'mask' ? `::add-mask::${mask}` : line))
}

function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x0a, start) + 1 || bytes.length
    lines.push(bytes.subarray(start, end))
    start = end
  }
  return lines
}
