import {isUtf8} from 'node:buffer'
import type {RecordedOutput} from '../model/event.ts'
import {type Masker, mask} from '../text/masker.ts'
import {CommandInterpreter} from '../workflow-commands/interpreter.ts'
import {mayHaveCommand} from '../workflow-commands/parse-command.ts'
import {type Cut, smallerCuts, textSize} from './line-cutter.ts'
import {cutsOf} from './output-cuts.ts'

/**
 * The bytes of an output as they are, but for masked values. A line that announces one says `***` instead. Bytes that are not UTF-8 become
 * U+FFFD only in lines in which something was masked.
 */
export async function* verbatimLog(output: Pick<RecordedOutput, 'chunks'>, masker: Masker): AsyncIterable<Uint8Array> {
  const announcements = new CommandInterpreter('ignore')
  for await (const cut of cutsOf(output, masker)) yield* maskedParts(cut, masker, announcements)
}

function* maskedParts(cut: Cut, masker: Masker, announcements: CommandInterpreter): Iterable<Uint8Array> {
  const {bytes} = cut
  if (isUtf8(bytes) && !mayHaveCommand(bytes) && !masker.occursIn(bytes)) yield bytes
  else
    for (const part of smallerCuts(cut, textSize))
      if (part.bytes.length < bytes.length) yield* maskedParts(part, masker, announcements)
      else yield maskedBytes(bytes, masker, announcements)
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
