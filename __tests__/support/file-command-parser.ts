/**
 * How the runner reads the files of its file commands, rule by rule as its source has it and apart from how the product does it.
 * Source: actions/runner 2.336.0, src/Runner.Worker/FileCommandManager.cs:353-496 (`EnvFileKeyValuePairs`) and :127-158 (`AddPathFileCommand`).
 */

/** A pair, in the order of the file; the same name may come again. */
export type RunnerPair = readonly [name: string, value: string]

/** `File.ReadAllText`: the byte order mark says the encoding, and is left out. */
export function runnerText(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 4)).toString('hex')
  if (start.startsWith('feff')) return new TextDecoder('utf-16be').decode(bytes)
  if (start.startsWith('fffe')) return new TextDecoder('utf-16le').decode(bytes)
  return new TextDecoder().decode(bytes)
}

/** The pairs. Throws where the runner throws. */
export function runnerPairs(text: string, platform: NodeJS.Platform): RunnerPair[] {
  return [...eachRunnerPair(text, platform)]
}

/** The pairs one after another, as the runner applies them: those before a wrong line come before the throw. */
export function* eachRunnerPair(text: string, platform: NodeJS.Platform): Iterable<RunnerPair> {
  const reader = {text, index: 0, isWindows: platform === 'win32'}
  for (let line = readLine(reader); line !== undefined; line = readLine(reader)) {
    if (line.text === '') continue
    const equals = line.text.indexOf('=')
    const heredoc = line.text.indexOf('<<')
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      yield [line.text.slice(0, equals), line.text.slice(equals + 1)]
    } else if (heredoc >= 0) {
      const [name, delimiter] = [line.text.slice(0, heredoc), line.text.slice(heredoc + 2)]
      if (name === '' || delimiter === '') throw new Error('Name must not be empty and delimiter must not be empty')
      yield [name, heredocValue(reader, delimiter)]
    } else throw new Error('Invalid format')
  }
}

interface Reader {
  readonly text: string
  index: number
  readonly isWindows: boolean
}

function heredocValue(reader: Reader, delimiter: string): string {
  const startIndex = reader.index
  let endIndex = reader.index
  let line = readLine(reader)
  while (line?.text !== delimiter) {
    if (line === undefined) throw new Error('Matching delimiter not found')
    if (line.newline === undefined) throw new Error('EOF marker missing new line')
    endIndex = reader.index - line.newline.length
    line = readLine(reader)
  }
  return endIndex > startIndex ? reader.text.slice(startIndex, endIndex) : ''
}

function readLine(reader: Reader): {text: string; newline: string | undefined} | undefined {
  const {text, index, isWindows} = reader
  if (index >= text.length) return undefined
  const lf = text.indexOf('\n', index)
  if (lf < 0) {
    reader.index = text.length
    return {text: text.slice(index), newline: undefined}
  }
  const crLf = isWindows ? text.slice(index, lf + 1).indexOf('\r\n') : -1
  if (crLf >= 0) {
    reader.index = index + crLf + 2
    return {text: text.slice(index, index + crLf), newline: '\r\n'}
  }
  reader.index = lf + 1
  return {text: text.slice(index, lf), newline: '\n'}
}

/** What a GITHUB_PATH file makes of the entries so far: `ReadAllLines`, then each is taken out and put at the end. */
export function runnerPrependPath(text: string, before: readonly string[] = []): string[] {
  const paths = [...before]
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (line === '') continue
    const found = paths.indexOf(line)
    if (found >= 0) paths.splice(found, 1)
    paths.push(line)
  }
  return paths
}
