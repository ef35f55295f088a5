import type {Place} from '../../model/task.ts'
import {didYouMean} from '../../text/nearest.ts'

/** A mistake that the author of a list has to fix. */
export interface Mistake {
  readonly place: Place
  /** One line without the position: what is wrong, the rule, the value, and the nearest valid name. */
  readonly message: string
  /** For syntax errors: the line with a caret below the position. */
  readonly excerpt: string | undefined
}

/** Renders a mistake: `tasks:3:5: …`, with the excerpt below. */
export function renderMistake({place, message, excerpt}: Mistake): string {
  const line = `${renderPlace(place)}: ${message}`
  return excerpt === undefined ? line : `${line}\n${excerpt.replace(/^/gm, '    ')}`
}

/** Renders a position: `tasks:3:5`, or `tasks-script: entry 3`. */
export function renderPlace({source, line, column, isByEntry = false}: Place): string {
  return isByEntry ? `${source}: entry ${line}` : `${source}:${line}:${column}`
}

/** Most mistakes kept for one list. */
const maxMistakes = 100_000

/** Most comparisons made for suggestions in one list, and the longest name that is compared. */
const maxComparisons = 1_000_000
const maxComparedLength = 100

/** Collects mistakes. The same message at the same position counts once, no matter how many tasks an entry makes. */
export class MistakeLog {
  readonly #mistakes = new Map<string, Mistake>()
  readonly #closed = new Set<string>()
  #comparisons = 0

  add(place: Place, message: string, excerpt?: string): void {
    if (this.#mistakes.size >= maxMistakes || this.#closed.has(exact(place))) return
    const isLast = this.#mistakes.size === maxMistakes - 1
    const mistake = {place, message: withoutControls(isLast ? 'there are more mistakes than can be listed' : message), excerpt}
    this.#mistakes.set(`${exact(place)}: ${mistake.message}`, mistake)
  }

  /** Adds a mistake and suppresses later ones at the same position. */
  addLast(place: Place, message: string): void {
    this.add(place, message)
    this.#closed.add(exact(place))
  }

  /** `, did you mean "x"?`, or empty if no name is near. Stops comparing at `maxComparisons`. */
  hint(name: string, known: Iterable<string>): string {
    if (name.length > maxComparedLength || this.#comparisons > maxComparisons) return ''
    const comparable: string[] = []
    for (const candidate of known) {
      this.#comparisons++
      if (candidate.length <= maxComparedLength) comparable.push(candidate)
    }
    return didYouMean(name, comparable)
  }

  get isEmpty(): boolean {
    return this.#mistakes.size === 0
  }

  /** All mistakes, sorted by position in each text; texts in the order in which they first had one. */
  inOrder(): readonly Mistake[] {
    const mistakes = [...this.#mistakes.values()]
    const rank = new Map([...new Set(mistakes.map(({place}) => place.source))].map((source, index) => [source, index]))
    const order = (a: Place, b: Place) => (rank.get(a.source) ?? 0) - (rank.get(b.source) ?? 0) || a.line - b.line || a.column - b.column
    return mistakes.sort((a, b) => order(a.place, b.place))
  }
}

/** Identifies a position, independently of how it is displayed. */
const exact = ({source, line, column}: Place): string => `${source}:${line}:${column}`

/** `text` on one line: line breaks and other control characters become spaces. */
export function withoutControls(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
}
