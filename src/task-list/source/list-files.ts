import {readFileSync, statSync} from 'node:fs'
import path from 'node:path'
import {failure, type Result, success} from '../../model/result.ts'
import {quoted} from '../../text/quoted.ts'
import {maxTextBytes, type TaskListText} from './list-text.ts'
import {type Mistake, MistakeLog} from './mistakes.ts'
import {type FoundFile, PathLookup} from './path-lookup.ts'

/** Notation by file extension. JSON is YAML. */
const notations = {'.yml': 'yaml', '.yaml': 'yaml', '.json': 'yaml', '.txt': 'lines'} as const

/** The input or option that names list files. */
export interface NamedFiles {
  /** Its name in messages. */
  readonly source: string
  /** Paths or globs. */
  readonly patterns: readonly string[]
}

/**
 * Reads the list files that `patterns` match in `workspace` (absolute), each once, sorted by path. A pattern that matches no file, and a file that is
 * not text, is a mistake at `SOURCE:LINE`, where LINE is the pattern's number.
 */
export function readTaskFiles(
  {source, patterns}: NamedFiles,
  workspace: string,
  platform: NodeJS.Platform = process.platform
): {readonly texts: readonly TaskListText[]; readonly mistakes: readonly Mistake[]} {
  const mistakes = new MistakeLog()
  const paths = new PathLookup({workspace, platform})
  const texts = new Map<string, TaskListText>()
  for (const [index, pattern] of patterns.entries()) {
    const place = {source, file: undefined, line: index + 1, column: 1}
    const found = paths.files(pattern, Object.keys(notations), workspace)
    if (!found.ok) mistakes.add(place, found.error.message)
    for (const file of found.ok ? found.value.files : []) {
      if (texts.has(file.path)) continue
      const text = readText(file)
      if (text.ok) texts.set(file.path, {source: file.shown, file: paths.shown(file.path), notation: notationOf(file), text: text.value})
      else mistakes.add(place, text.error)
    }
  }
  const inOrder = [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text)
  return {texts: inOrder, mistakes: mistakes.inOrder()}
}

function notationOf({path: file}: FoundFile): TaskListText['notation'] {
  const [, notation] = Object.entries(notations).find(([extension]) => path.extname(file).toLowerCase() === extension) ?? []
  return notation ?? 'yaml'
}

function readText({path: file, shown}: FoundFile): Result<string, string> {
  let bytes: Buffer
  try {
    const {size} = statSync(file)
    if (size > maxTextBytes * 2) return failure(`${quoted(shown)} has ${size.toLocaleString('en')} bytes, and 8 MiB is the limit of a list`)
    bytes = readFileSync(file)
  } catch (error) {
    return failure(`cannot read ${quoted(shown)}: ${error instanceof Error ? error.message : String(error)}`)
  }
  return decodeList(bytes, quoted(shown))
}

/** Decodes a list: UTF-8, or UTF-16 with a byte order mark, as `>` writes it in Windows PowerShell. `shown`: the name of the list in the error. */
export function decodeList(bytes: Uint8Array, shown: string): Result<string, string> {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8'
  try {
    return success(new TextDecoder(encoding, {fatal: true}).decode(bytes))
  } catch {
    return failure(`expected a text in UTF-8, got other bytes in ${shown}`)
  }
}
