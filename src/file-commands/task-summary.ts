import {failure, type Result, success} from '../model/result.ts'
import {readAtMost} from '../system/bounded-read.ts'
import {fileText} from '../text/file-text.ts'
import {closed} from './open-block.ts'

/** Size limit of one task's summary, in bytes. Source: actions/runner, FileCommandManager.cs (`AttachmentSizeLimit`). */
export const maxSummaryBytes = 1024 * 1024

/**
 * Reads the Markdown of a summary file. The runner would drop a file over the limit; here it is cut after a line and gets a note. The error is the
 * end of a sentence about the file.
 */
export function readSummary(file: string): Result<string, string> {
  const read = readAtMost(file, maxSummaryBytes)
  if (!read.ok) return failure(read.error)
  const isCut = read.value.size > maxSummaryBytes
  const text = fileText(read.value.bytes, isCut)
  return success(isCut ? cutSummary(text) : text)
}

function cutSummary(text: string): string {
  const lineEnd = text.lastIndexOf('\n')
  const kept = lineEnd < 0 ? text : text.slice(0, lineEnd)
  return [closed(kept), '> The rest of this summary is left out, it has more than 1 MiB.\n'].join('\n\n')
}
