import type {RecordedOutput} from '../event.ts'

/** The longest piece of a line that is handed on at once, in UTF-16 units; a longer line comes as several. */
export const longestLine = 64 * 1024

/**
 * The lines of a task's output, without their ends. A line ends where the runner ends it: at `\n`, `\r\n` or a lone `\r`. Bytes that are
 * not UTF-8 become U+FFFD.
 */
export async function* outputLines(output: RecordedOutput): AsyncIterable<string> {
  const decoder = new TextDecoder('utf-8', {ignoreBOM: true})
  let rest = ''
  for await (const chunk of output.chunks()) {
    // A carriage return at the very end waits: the next chunk may begin with its line feed.
    const lines = (rest + decoder.decode(chunk, {stream: true})).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) yield* pieces(line)
    if (rest.length > longestLine) {
      const [first = '', ...more] = pieces(rest)
      yield first
      rest = more.join('')
    }
  }
  for (const line of textLines(rest + decoder.decode())) yield* pieces(line)
}

/** The lines of a text, without their ends, cut as the runner cuts them. */
export function textLines(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

function* pieces(line: string): Iterable<string> {
  let start = 0
  while (line.length - start > longestLine) {
    const isInsidePair = /[\ud800-\udbff]/.test(line.charAt(start + longestLine - 1))
    const end = start + longestLine - (isInsidePair ? 1 : 0)
    yield line.slice(start, end)
    start = end
  }
  yield line.slice(start)
}

/** The last lines of a text: at most `lines` of them and `characters` UTF-16 units in all, the last line cut if it alone is longer. */
export async function lastLines(output: RecordedOutput, lines: number, characters: number): Promise<string[]> {
  const kept: string[] = []
  let size = 0
  for await (const line of outputLines(output)) {
    const cut = line.slice(-characters)
    kept.push(cut)
    size += cut.length
    while (kept.length > lines || size > characters) size -= kept.shift()?.length ?? 0
  }
  return kept
}
