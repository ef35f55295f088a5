import {randomUUID} from 'node:crypto'
import {isNameOfPair} from '../model/task-changes.ts'

/** A random delimiter, so that no value can contain it. */
function freshDelimiter(): string {
  return `ghadelimiter_${randomUUID()}`
}

/**
 * The text that the runner reads as this pair, whatever the value: `NAME<<DELIMITER`, the value, DELIMITER, each with the platform's line
 * end. `name` is one that the runner's rules can give (`isNameOfPair`).
 */
export function keyValueText(
  name: string,
  value: string,
  platform: NodeJS.Platform,
  createDelimiter: () => string = freshDelimiter
): string {
  if (!isNameOfPair(name)) throw new Error(`Internal error: ${JSON.stringify(name)} is no name of a file command`)
  // On Windows a carriage return at the end of the value would be taken for a part of a bare line feed's line end.
  const lineEnd = platform === 'win32' ? '\r\n' : '\n'
  if (name.endsWith('<')) return pairOnOneLine(name, value, lineEnd)
  let delimiter = createDelimiter()
  while (value.includes(delimiter) || name.includes(delimiter)) delimiter = createDelimiter()
  return [`${name}<<${delimiter}`, value, delimiter, ''].join(lineEnd)
}

// `a<` before `<<` would be read as `a` before `<`. Such a name can only come from the other notation, so its value is one line.
function pairOnOneLine(name: string, value: string, lineEnd: string): string {
  if (value.includes('\n')) throw new Error(`Internal error: ${JSON.stringify(name)} cannot have a value of several lines`)
  return `${name}=${value}${lineEnd}`
}
