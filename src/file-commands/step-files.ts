import {closeSync, fstatSync, ftruncateSync, openSync, writeFileSync} from 'node:fs'
import type {TaskChanges} from '../model/task-changes.ts'
import {keyValueText} from './key-value-text.ts'

/** Appends the whole text to an open file, or throws. */
export type WriteAll = (descriptor: number, text: string) => void

/** The files of the step. */
export interface StepFileTarget {
  /** The environment of the step, whose GITHUB_OUTPUT, GITHUB_ENV and so on are the files' absolute paths. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  readonly write?: WriteAll
}

/**
 * Appends the changes of the tasks to the files of the step. A file that the environment does not name is skipped. Each file gets all of its text or
 * none, because half a value would fail the step. Returns a sentence for each file that could not be written (for example because the disk is full);
 * the others are still written.
 */
export function appendToStepFiles(changes: TaskChanges, {environment, platform, write = writeFileSync}: StepFileTarget): readonly string[] {
  const lineEnd = platform === 'win32' ? '\r\n' : '\n'
  const additions: readonly Addition[] = [
    {name: 'GITHUB_OUTPUT', isEmpty: changes.outputs.size === 0, texts: pairTexts(changes.outputs, platform)},
    {name: 'GITHUB_ENV', isEmpty: changes.env.size === 0, texts: pairTexts(changes.env, platform)},
    {name: 'GITHUB_PATH', isEmpty: changes.paths.length === 0, texts: changes.paths.map(path => `${path}${lineEnd}`)},
    {name: 'GITHUB_STEP_SUMMARY', isEmpty: changes.summary === '', texts: [changes.summary]},
    {name: 'GITHUB_ARTIFACTS', isEmpty: changes.artifacts === '', texts: [changes.artifacts]}
  ]
  return additions.flatMap(({name, isEmpty, texts}) => {
    const file = environment[name]
    if (isEmpty || file === undefined || file === '') return []
    const error = appendWhole(file, startingOnNewLine(texts, lineEnd), write)
    return error === undefined ? [] : [`${name} could not be written, what the tasks wrote to it is lost: ${error.message}`]
  })
}

/** The text to append to one file. */
interface Addition {
  readonly name: string
  readonly isEmpty: boolean
  readonly texts: Iterable<string>
}

// A generator, because all texts together may be longer than a string can be.
function* pairTexts(pairs: ReadonlyMap<string, string>, platform: NodeJS.Platform): Iterable<string> {
  for (const [name, value] of pairs) yield keyValueText(name, value, platform)
}

// The existing content may not end with a line end, and U+FEFF at the start of an empty file would be taken for a byte order mark. A line end first
// avoids both: the runner ignores empty lines, and in a summary an empty line only begins a new paragraph.
function* startingOnNewLine(texts: Iterable<string>, lineEnd: string): Iterable<string> {
  let isFirst = true
  for (const text of texts) {
    yield isFirst ? `${lineEnd}${text}` : text
    isFirst = false
  }
}

function appendWhole(file: string, texts: Iterable<string>, write: WriteAll): Error | undefined {
  return systemError(() => {
    const descriptor = openSync(file, 'a')
    try {
      const {size} = fstatSync(descriptor)
      const error = systemError(() => {
        for (const text of texts) write(descriptor, text)
      })
      if (error === undefined) return
      systemError(() => ftruncateSync(descriptor, size))
      throw error
    } finally {
      closeSync(descriptor)
    }
  })
}

/** The file system error thrown by `action`, if any. Other exceptions are bugs and propagate. */
function systemError(action: () => void): Error | undefined {
  try {
    action()
    return undefined
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code === 'string') return error as Error
    throw error
  }
}
