import type {Place} from '../../model/task.ts'
import {didYouMean} from '../../text/nearest.ts'

/** Something in a task list that its author has to change. */
export interface Mistake {
  readonly place: Place
  /** One line, without the place: what is wrong, what was expected, what was there, and the nearest right thing. */
  readonly message: string
  /** For syntax errors: the line that it is in, and below it a caret under the place. */
  readonly excerpt: string | undefined
}

/** A mistake as one reads it: `tasks:3:5: …`, below it the excerpt if there is one. */
export function renderMistake({place, message, excerpt}: Mistake): string {
  const line = `${renderPlace(place)}: ${message}`
  return excerpt === undefined ? line : `${line}\n${excerpt.replace(/^/gm, '    ')}`
}

/** A place as one reads it: `tasks:3:5`, or `tasks-script: entry 3`. */
export function renderPlace({source, line, column, isByEntry = false}: Place): string {
  return isByEntry ? `${source}: entry ${line}` : `${source}:${line}:${column}`
}

/** The most mistakes that are kept of one list. */
const maxMistakes = 100_000

/** Comparisons that are spent on looking for near names in one list, and the longest name that is compared. */
const maxComparisons = 1_000_000
const maxComparedLength = 100

/** Collects mistakes; the same words about the same place count once, however many tasks an entry makes. */
export class MistakeLog {
  readonly #mistakes = new Map<string, Mistake>()
  readonly #closed = new Set<string>()
  #comparisons = 0

  add(place: Place, message: string, excerpt?: string): void {
    if (this.#mistakes.size >= maxMistakes || this.#closed.has(exact(place))) return
    const isLast = this.#mistakes.size === maxMistakes - 1
    const mistake = {place, message: oneLine(isLast ? 'there are more mistakes than can be listed' : message), excerpt}
    this.#mistakes.set(`${exact(place)}: ${mistake.message}`, mistake)
  }

  /** Adds a mistake that leaves no value at its place, so that nothing more is to be said of it. */
  addLast(place: Place, message: string): void {
    this.add(place, message)
    this.#closed.add(exact(place))
  }

  /** `, did you mean "x"?`, or nothing; in bounded time, however many names a list gets wrong. */
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

  /** All of them, text by text in the order in which these were first mentioned, from top to bottom. */
  inOrder(): readonly Mistake[] {
    const mistakes = [...this.#mistakes.values()]
    const rank = new Map([...new Set(mistakes.map(({place}) => place.source))].map((source, index) => [source, index]))
    const order = (a: Place, b: Place) => (rank.get(a.source) ?? 0) - (rank.get(b.source) ?? 0) || a.line - b.line || a.column - b.column
    return mistakes.sort((a, b) => order(a.place, b.place))
  }
}

/** What tells two places apart, whatever people are told of them. */
const exact = ({source, line, column}: Place): string => `${source}:${line}:${column}`

/** `text` on one line: line breaks and other control characters become spaces. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
}
