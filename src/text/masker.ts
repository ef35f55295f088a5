import {type Ranges, union, ValueSearch} from './value-search.ts'

/** What stands where a masked value stood, as in the runner. */
export const mask = '***'

/**
 * The values that tasks have announced as secret, and the one place that takes them out of text. Values that overlap are taken out together.
 * Text is to be masked before it is escaped or encoded (for JSON, Markdown, a workflow command): afterwards a value may look different.
 * Rules as in actions/runner, src/Runner.Worker/ActionCommandManager.cs (`AddMaskCommandExtension`) and
 * src/Sdk/DTLogging/Logging/SecretMasker.cs.
 */
export class Masker {
  readonly #known = new Set<string>()
  /** Each with fewer values than the one before it, so that a value that is added makes only the small ones anew. */
  readonly #searches: ValueSearch[] = []
  /** Values that are in no search so far. */
  #fresh: string[] = []
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
    for (let i = 0; i < ranges.length; i += 2) {
      parts.push(text.slice(end, ranges[i]), mask)
      end = ranges[i + 1] ?? end
    }
    return parts.join('') + text.slice(end)
  }

  /** The last place at or before `end` where the text can be cut without cutting through a value that stands in it. */
  cutBefore(text: string, end: number): number {
    const around = Math.max(0, end - this.#longest)
    const ranges = this.#occurrences(text.slice(around, end + this.#longest))
    for (let i = 0; i < ranges.length; i += 2) {
      const [from = 0, to = 0] = [ranges[i], ranges[i + 1]]
      if (from + around < end && to + around > end) return this.cutBefore(text, from + around)
    }
    return end
  }

  #addOne(value: string): void {
    if (value === '' || this.#known.has(value)) return
    this.#known.add(value)
    this.#longest = Math.max(this.#longest, value.length)
    this.#encoded.push(Buffer.from(value))
    this.#fresh.push(value)
  }

  #occurrences(text: string): Ranges {
    if (this.#fresh.length > 0) this.#takeFresh()
    return this.#searches.map(search => search.rangesIn(text)).reduce(union, [])
  }

  // As binary numbers are counted up: a value is moved into a larger search no more often than the number of values can be halved.
  #takeFresh(): void {
    let values: readonly string[] = this.#fresh
    this.#fresh = []
    for (let last = this.#searches.at(-1); last !== undefined && last.values.length <= values.length; last = this.#searches.at(-1)) {
      values = [...last.values, ...values]
      this.#searches.pop()
    }
    this.#searches.push(new ValueSearch(values))
  }
}

/** How many values are looked for one by one; with more of them one pass through text is cheaper. */
const mostSearches = 8
