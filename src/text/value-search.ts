/**
 * Parts of a text in order, none of which overlaps or touches another: the start of each and its end (exclusive), in UTF-16 units, one after the other.
 * Numbers and not pairs: a text full of values would leave a million of these behind.
 */
export type Ranges = readonly number[]

/** The parts that are in either. */
export function union(a: Ranges, b: Ranges): Ranges {
  if (a.length === 0) return b
  const all: number[] = []
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const isFirst = j >= b.length || (a[i] ?? Number.POSITIVE_INFINITY) <= (b[j] ?? 0)
    const [from = 0, to = 0] = isFirst ? [a[i], a[i + 1]] : [b[j], b[j + 1]]
    if (isFirst) i += 2
    else j += 2
    const end = all.at(-1)
    if (end === undefined || from > end) all.push(from, to)
    else if (to > end) all[all.length - 1] = to
  }
  return all
}

/** Finds many values in a text in one pass (Aho-Corasick): as many steps as characters, even if values share prefixes or are as long as the text. */
export class ValueSearch {
  readonly values: readonly string[]
  /** Transitions by state and character. State 0 is the root. */
  readonly #next = new Map<number, number>()
  /** By state: the state of its longest proper suffix that begins a value. */
  readonly #fallback: number[] = [0]
  /** By state: length of the longest value that ends there; 0 for none. */
  readonly #found: number[] = [0]

  /** `values`: none empty. */
  constructor(values: readonly string[]) {
    this.values = values
    const byDepth: [parent: number, character: number, state: number][][] = []
    for (const value of values) {
      let state = 0
      for (let at = 0; at < value.length; at++) {
        const character = value.charCodeAt(at)
        let next = this.#next.get(keyOf(state, character))
        if (next === undefined) {
          next = this.#found.push(0) - 1
          this.#next.set(keyOf(state, character), next)
          byDepth[at] ??= []
          byDepth[at]?.push([state, character, next])
        }
        state = next
      }
      this.#found[state] = value.length
    }
    for (const [parent, character, state] of byDepth.flat()) {
      const fallback = parent === 0 ? 0 : this.#after(this.#fallback[parent] ?? 0, character)
      this.#fallback[state] = fallback
      this.#found[state] ||= this.#found[fallback] ?? 0
    }
  }

  /** Where the text has values; those that overlap or touch are one part. */
  rangesIn(text: string): Ranges {
    const ranges: number[] = []
    let state = 0
    for (let at = 0; at < text.length; at++) {
      state = this.#after(state, text.charCodeAt(at))
      const length = this.#found[state] ?? 0
      if (length === 0) continue
      let from = at + 1 - length
      // It may reach back over several.
      while (ranges.length > 0 && (ranges.at(-1) ?? 0) >= from) {
        ranges.pop()
        from = Math.min(from, ranges.pop() ?? from)
      }
      ranges.push(from, at + 1)
    }
    return ranges
  }

  #after(state: number, character: number): number {
    for (let from = state; ; from = this.#fallback[from] ?? 0) {
      const next = this.#next.get(keyOf(from, character))
      if (next !== undefined) return next
      if (from === 0) return 0
    }
  }
}

const keyOf = (state: number, character: number): number => state * 0x1_0000 + character
