import {randomUUID} from 'node:crypto'
import {isNameOfPair} from '../model/task-changes.ts'

/** A random delimiter, which no value can contain. */
function freshDelimiter(): string {
  return `ghadelimiter_${randomUUID()}`
}

/**
 * The text that the runner reads as this pair, for any value: `NAME<<DELIMITER`, the value, `DELIMITER`, each with the platform's line end. `name`:
 * valid by the runner's rules (`isNameOfPair`).
 */
export function keyValueText(
  name: string,
  value: string,
  platform: NodeJS.Platform,
  createDelimiter: () => string = freshDelimiter
): string {
  if (!isNameOfPair(name)) throw new Error(`Internal error: ${JSON.stringify(name)} is no name of a file command`)
  // On Windows, a carriage return at the end of the value and a bare line feed would be read as one line end.
  const lineEnd = platform === 'win32' ? '\r\n' : '\n'
  if (name.endsWith('<')) return pairOnOneLine(name, value, lineEnd)
  let delimiter = createDelimiter()
  while (value.includes(delimiter) || name.includes(delimiter)) delimiter = createDelimiter()
  return [`${name}<<${delimiter}`, value, delimiter, ''].join(lineEnd)
}

// The runner would read `a<` followed by `<<` as `a` followed by `<<`. Such a name can only come from the other notation, so its value is one line.
function pairOnOneLine(name: string, value: string, lineEnd: string): string {
  if (value.includes('\n')) throw new Error(`Internal error: ${JSON.stringify(name)} cannot have a value of several lines`)
  return `${name}=${value}${lineEnd}`
}
