/** From to before, in UTF-16 units. */
export type Range = readonly [from: number, to: number]

/**
 * Finds many values in a text in one pass, by the algorithm of Aho and Corasick: as many steps as the text has characters, whatever the values
 * are, also where they begin alike or are as long as the text.
 */
export class ValueSearch {
  readonly values: readonly string[]
  /** By state and character: the state after it. State 0 is that nothing has begun. */
  readonly #next = new Map<number, number>()
  /** By state: that of the longest end of what has been read that begins a value too. */
  readonly #fallback: number[] = [0]
  /** By state: how long the longest value is that ends there; 0 if none does. */
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

  /** Where values end, of each place the longest, in the order of their ends. */
  *rangesIn(text: string): Iterable<Range> {
    let state = 0
    for (let at = 0; at < text.length; at++) {
      state = this.#after(state, text.charCodeAt(at))
      const length = this.#found[state] ?? 0
      if (length > 0) yield [at + 1 - length, at + 1]
    }
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
