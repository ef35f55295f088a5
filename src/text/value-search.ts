/** Start and end (exclusive), in UTF-16 units. */
export type Range = readonly [from: number, to: number]

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

  /** Ranges of values in order of their ends, the longest at each end. */
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
