import {fileLines} from '../text/file-text.ts'
import {quoted} from '../text/quoted.ts'

/** Size limit of a GITHUB_ARTIFACTS file, in bytes. Source: actions/runner, CreateArtifactsFileCommand.cs (`MaxFileSizeBytes`). */
export const maxArtifactBytes = 1024 * 1024

/** Limit of distinct entries in all files of a job. Source: as above (`MaxAggregateArtifacts`). */
export const maxArtifacts = 500

/** The entries of a GITHUB_ARTIFACTS text: its lines, trimmed, without blank lines and comments. */
export function artifactEntries(text: string): readonly string[] {
  return fileLines(text)
    .map(line => line.trim())
    .filter(isEntry)
}

const isEntry = (line: string): boolean => line !== '' && !line.startsWith('#')

/** Digest algorithms of an `oci://` entry, with their length in hexadecimal digits. */
const digestLength = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128]
])

/**
 * The syntax error of a GITHUB_ARTIFACTS line, as a sentence that begins with the line, or `undefined`. One wrong line in the merged file would fail
 * the step. Whether the file exists is left to the runner.
 * Source: actions/runner, src/Runner.Worker/CreateArtifactsFileCommand.cs (`ParseLine`).
 */
export function artifactMistake(line: string): string | undefined {
  const entry = line.trim()
  const objection = isEntry(entry) ? entryMistake(entry) : undefined
  return objection === undefined ? undefined : `${quoted(entry)} ${objection}`
}

function entryMistake(entry: string): string | undefined {
  if (entry.includes('=')) return 'has a "=", which is reserved'
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(entry)?.[0]
  switch (scheme?.toLowerCase()) {
    case undefined:
      return undefined
    case 'file://':
      return entry.slice('file://'.length).trim() === '' ? 'has no path after the scheme' : undefined
    case 'oci://':
      return digestMistake(entry)
    default:
      return `has the scheme "${scheme}", expected a path, "file://" or "oci://"`
  }
}

function digestMistake(entry: string): string | undefined {
  const digest = /^oci:\/\/.+@(?<algorithm>sha(?:256|384|512)):(?<digits>[0-9a-fA-F]+)$/i.exec(entry)?.groups
  if (digest?.algorithm === undefined || digest.digits === undefined)
    return 'has no digest, expected "@sha256:", "@sha384:" or "@sha512:" and its digits at the end'
  const expected = digestLength.get(digest.algorithm.toLowerCase())
  return digest.digits.length === expected ? undefined : `has a digest of ${digest.digits.length} digits, expected ${expected}`
}
