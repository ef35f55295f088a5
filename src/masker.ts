/** What stands where a masked value stood, as in the runner. */
export const mask = '***'

/** From to before, in UTF-16 units. */
type Range = readonly [from: number, to: number]

/**
 * The values that tasks have announced as secret, and the one place that takes them out of text. Values that overlap are taken out together.
 * Text is to be masked before it is escaped or encoded (for JSON, Markdown, a workflow command): afterwards a value may look different.
 * Rules as in actions/runner, src/Runner.Worker/ActionCommandManager.cs (`AddMaskCommandExtension`) and
 * src/Sdk/DTLogging/Logging/SecretMasker.cs.
 */
export class Masker {
  readonly #known = new Set<string>()
  readonly #short: string[] = []
  readonly #byStart = new Map<number, string[]>()
  readonly #starts = new Uint8Array(startHashes)
  readonly #encoded: Buffer[] = []
  #longest = 0

  /**
   * Takes the value, and each of its lines by itself, out of all text from now on. A blank value is passed over, blank lines as well. Tells
   * whether the value is new.
   */
  add(value: string): boolean {
    if (value.trim() === '' || this.#known.has(value)) return false
    this.#addOne(value)
    for (const line of value.split(/[\r\n]+/)) this.#addOne(line.trim())
    return true
  }

  /** How many values there are, each line of one among them: it grows whenever more of a text has to be taken out. */
  get size(): number {
    return this.#known.size
  }

  /** The longest value, in UTF-16 units; 0 while there is none. */
  get longest(): number {
    return this.#longest
  }

  /** Whether a value occurs in bytes, which are to be UTF-8: with few values much cheaper than to look for them in text. */
  occursIn(bytes: Buffer): boolean {
    if (this.#encoded.length > mostSearches) return this.#occurrences(bytes.toString()).length > 0
    return this.#encoded.some(value => bytes.includes(value))
  }

  /** The text with `***` in place of every value. */
  mask(text: string): string {
    const ranges = this.#occurrences(text)
    if (ranges.length === 0) return text
    const parts: string[] = []
    let end = 0
    for (const [from, to] of merged(ranges)) {
      parts.push(text.slice(end, from), mask)
      end = to
    }
    return parts.join('') + text.slice(end)
  }

  /** The last place at or before `end` where the text can be cut without cutting through a value that stands in it. */
  cutBefore(text: string, end: number): number {
    const around = Math.max(0, end - this.#longest)
    const ranges = merged(this.#occurrences(text.slice(around, end + this.#longest)))
    const cutThrough = ranges.find(([from, to]) => from + around < end && to + around > end)
    return cutThrough === undefined ? end : this.cutBefore(text, cutThrough[0] + around)
  }

  #addOne(value: string): void {
    if (value === '' || this.#known.has(value)) return
    this.#known.add(value)
    this.#longest = Math.max(this.#longest, value.length)
    this.#encoded.push(Buffer.from(value))
    if (value.length < startLength) {
      this.#short.push(value)
      return
    }
    const start = startHash(value.charCodeAt(0), value.charCodeAt(1), value.charCodeAt(2))
    this.#starts[start] = 1
    this.#byStart.set(start, [...(this.#byStart.get(start) ?? []), value])
  }

  #occurrences(text: string): Range[] {
    const ranges: Range[] = []
    for (const value of this.#short) {
      for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) ranges.push([at, at + value.length])
    }
    if (this.#byStart.size > 0) this.#findLong(text, ranges)
    return ranges
  }

  // One pass whatever the number of values: a search for each of hundreds would take seconds for a megabyte.
  #findLong(text: string, ranges: Range[]): void {
    const starts = this.#starts
    let first = text.charCodeAt(0)
    let second = text.charCodeAt(1)
    for (let at = 0; at <= text.length - startLength; at++) {
      const third = text.charCodeAt(at + 2)
      const start = startHash(first, second, third)
      if (starts[start] === 1) {
        for (const value of this.#byStart.get(start) ?? []) {
          if (text.startsWith(value, at)) ranges.push([at, at + value.length])
        }
      }
      first = second
      second = third
    }
  }
}

/** How many values are looked for one by one; with more of them one pass through text is cheaper. */
const mostSearches = 8

const startLength = 3
const startHashes = 1 << 16

function startHash(first: number, second: number, third: number): number {
  return (first ^ (second << 5) ^ (third << 10)) & (startHashes - 1)
}

/** Sorted, those that overlap or touch as one. */
function merged(ranges: readonly Range[]): Range[] {
  const result: [number, number][] = []
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to)
    else result.push([from, to])
  }
  return result
}
