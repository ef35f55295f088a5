import path from 'node:path'
import {lineEnd} from '../text/line-ends.ts'
import {withoutEscapeSequences} from '../text/plain-text.ts'

/** An error that a task printed. */
export interface ShownError {
  /** One line, without words that only say that it is an error. */
  readonly message: string
  /** Where it was raised: an absolute path, and a line from 1. */
  readonly place: {readonly file: string; readonly line: number} | undefined
}

/** Lines of output without `\n`. They may have colors. */
type Lines = readonly string[]

/**
 * The last error in the lines, in one of PowerShell's error views or with a prefix that other programs put before an error; `undefined` if there is none.
 */
export function lastShownError(lines: Lines): ShownError | undefined {
  return lastOf(plainLines(lines), [conciseError, normalError, namedError])
}

/** The last line with a word such as `failed`; `undefined` if there is none. For output in which `lastShownError` finds nothing. */
export function lastSuspiciousLine(lines: Lines): ShownError | undefined {
  return lastOf(plainLines(lines), [suspiciousLine])
}

/** The last line that is not blank. */
export function lastLine(lines: Lines): ShownError | undefined {
  return lastOf(plainLines(lines), [anyLine])
}

/** The error that a text shows, else its last line, in one line; empty for a blank text. */
export function shownCause(text: string): string {
  const lines = text.split(lineEnd)
  return (lastShownError(lines) ?? lastLine(lines))?.message ?? ''
}

function plainLines(lines: Lines): Lines {
  return lines.map(line => withoutEscapeSequences(line).trimEnd())
}

/** Reads an error whose last line is the one at `end`. */
type ReadError = (lines: Lines, end: number) => ShownError | undefined

function lastOf(lines: Lines, readers: readonly ReadError[]): ShownError | undefined {
  for (let end = lines.length - 1; end >= 0; end--) {
    for (const read of readers) {
      const error = read(lines, end)
      if (error !== undefined) return error
    }
  }
  return undefined
}

/*
 * ConciseView, for an error in a file. Source: PowerShell, PowerShellCore_format_ps1xml.cs, Get-ConciseViewPositionMessage.
 *
 *     Exception: /repo/test.ps1:3
 *     Line |
 *        3 |  throw 'expected 3 but got 4'
 *          |  ~~~~~~~~~~~~~~~~~~~~~~~~~~~~
 *          | expected 3 but got 4
 */
const conciseMessage = /^ {4,12}\| (?<text>.*)$/
const conciseMark = /^ {4,12}\| +~+$/
const conciseHeader = /^[^:]+: (?<file>.+):(?<line>\d{1,9})$/

function conciseError(lines: Lines, end: number): ShownError | undefined {
  const parts: string[] = []
  let at = end
  for (let part = messagePart(lines[at]); part !== undefined; part = messagePart(lines[at])) {
    parts.unshift(part)
    at--
  }
  // The line of `~` is above the message, unless the lines begin below it.
  if (parts.length === 0 || (at >= 0 && !conciseMark.test(lines[at] ?? ''))) return undefined
  const {file, line} = conciseHeader.exec(lines[at - 3] ?? '')?.groups ?? {}
  return errorOf(parts.join(' '), file === undefined ? undefined : {file, line: Number(line)})
}

function messagePart(line: string | undefined): string | undefined {
  const text = textOf(conciseMessage, line)
  return text?.trimStart().startsWith('~') ? undefined : text
}

const textOf = (pattern: RegExp, line: string | undefined): string | undefined => pattern.exec(line ?? '')?.groups?.text

/*
 * NormalView, which is that of Windows PowerShell.
 *
 *     Get-Item : Cannot find path 'C:\no' because it does not exist.
 *     At C:\repo\test.ps1:3 char:1
 *     + Get-Item no
 *     + ~~~~~~~~~~~
 *         + CategoryInfo          : ObjectNotFound: (C:\no:String) [Get-Item], ItemNotFoundException
 *         + FullyQualifiedErrorId : PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand
 */
const normalPlace = /^At (?<file>.+):(?<line>\d{1,9}) char:\d+$/

function normalError(lines: Lines, end: number): ShownError | undefined {
  const place = normalPlace.exec(lines[end] ?? '')?.groups
  if (place?.file === undefined || end === 0) return undefined
  const message = (lines[end - 1] ?? '').replace(/^[\w.-]+ : /, '')
  return errorOf(message, {file: place.file, line: Number(place.line)})
}

/** Categories of PowerShell's errors, which stand in front of some. Source: PowerShell, ErrorCategory. */
const categories =
  'NotSpecified|OpenError|CloseError|DeviceError|DeadlockDetected|InvalidArgument|InvalidData|InvalidOperation|InvalidResult|InvalidType|MetadataError|NotImplemented|NotInstalled|ObjectNotFound|OperationStopped|OperationTimeout|SyntaxError|ParserError|PermissionDenied|ResourceBusy|ResourceExists|ResourceUnavailable|ReadError|WriteError|FromStdErr|SecurityError|ProtocolError|ConnectionError|AuthenticationError|LimitsExceeded|QuotaExceeded|NotEnabled'

/** The prefix of a PowerShell error: the command that raised it, or its category. */
const raisedBy = `(?:[A-Z][A-Za-z]+-[A-Z][A-Za-z]+|${categories})`
/** The prefix of another program's error, such as `ValueError`, `System.IO.IOException`, `npm ERR!`, `error CS1002`, `fatal`. */
const kind =
  '(?:[\\w.]{0,60}(?:Error|Exception)|(?:[a-z]+ )?(?:ERR|error|ERROR|fatal|FATAL|panic)|[Aa]ssertion failed)(?:[ [][A-Z]{1,4}\\d+\\]?)?'
/** A position or time before that: `src/a.c:3:4: `, `a.cs(3,4): `, `[12:00:01] `. */
const somewhere = '(?:\\[[^\\]]*\\] |[^\\s:()]+(?::\\d+){1,2}:? |[^\\s:()]+\\(\\d+(?:,\\d+)?\\): )?'
const named = new RegExp(
  `^(?:${raisedBy}: \\S|\\s*(?:Unhandled exception[.:] )?${somewhere}${kind}(?::|!|\\b(?= [A-Z])) *\\S|Assertion failed$)`
)
/** A prefix that is left out, because the annotation says already that it is an error. */
const saysOnlyError = /^\s*(?:Write-Error|Exception|Error|ERROR|error|##\[error\]|RuntimeException): */

function namedError(lines: Lines, end: number): ShownError | undefined {
  const line = lines[end] ?? ''
  return named.test(line) ? errorOf(line.replace(saysOnlyError, ''), undefined) : undefined
}

const suspicious =
  /\b(?:errors?|fail(?:s|ed|ure|ures)|fatal|exceptions?|cannot|could not|can't|unable|not found|denied|refused|invalid|missing)\b/i
const harmless = /\b(?:0|no|without|any) (?:errors?|fail(?:ed|ures?)|exceptions?)\b|\b(?:errors?|fail(?:ed|ures?))\W{1,3}0\b/i

function suspiciousLine(lines: Lines, end: number): ShownError | undefined {
  const line = lines[end] ?? ''
  return suspicious.test(line) && !harmless.test(line) ? errorOf(line, undefined) : undefined
}

const anyLine: ReadError = (lines, end) => errorOf(lines[end] ?? '', undefined)

/** How much of a message is kept, in UTF-16 units. It is cut between words. */
const longestMessage = 500

function errorOf(text: string, place: ShownError['place']): ShownError | undefined {
  const message = text.replace(/\s+/g, ' ').trim()
  if (message === '') return undefined
  return {message: shortened(message), place}
}

// Cut only between words: the runner masks a secret only if it is whole.
function shortened(message: string): string {
  if (message.length <= longestMessage) return message
  const end = message.lastIndexOf(' ', longestMessage)
  return end < 0 ? message : `${message.slice(0, end)} …`
}

/** `file` relative to `folder`, with `/`; `undefined` for one that is not below it. Both absolute. */
export function pathBelow(file: string, folder: string): string | undefined {
  const relative = path.relative(folder, file)
  const isBelow = relative !== '' && !path.isAbsolute(relative) && relative.split(path.sep)[0] !== '..'
  return isBelow ? relative.split(path.sep).join('/') : undefined
}
