import {type CST, Lexer, Parser} from 'yaml'
import {failure, type Result, success} from '../../model/result.ts'

/** Deepest nesting of a document: that of a parameter's value, plus the levels of the list around it. */
const maxNesting = 128

/** Most YAML lexemes in a text: more than 100,000 short tasks need, and parsed in seconds and within 1 GB. */
const maxLexemes = 4_000_000

/** The limit that a text exceeds, and the position. */
export interface Excess {
  /** In UTF-16 units, from 0. */
  readonly offset: number
  readonly message: string
}

/**
 * Parses `text` into yaml's tokens, unless that would take too much time, memory or stack. yaml's parser and composer have no limits of their own,
 * and recurse for each level.
 */
export function yamlTokens(text: string): Result<readonly CST.Token[], Excess> {
  const parser = new Parser()
  const levels = new LevelsOfLine()
  const tokens: CST.Token[] = []
  let lexemes = 0
  for (const lexeme of new Lexer().lex(text)) {
    const offset = levels.offset
    if (++lexemes > maxLexemes)
      return failure({offset, message: `the list is made of more than ${maxLexemes.toLocaleString('en')} words and signs; split it`})
    if (levels.with(lexeme) > maxNesting) return failure({offset, message: nestingMessage})
    for (const token of parser.next(lexeme)) tokens.push(token)
  }
  for (const token of parser.end()) tokens.push(token)
  const offset = tooDeep(tokens)
  return offset === undefined ? success(tokens) : failure({offset, message: nestingMessage})
}

const nestingMessage = `nested deeper than ${maxNesting} levels`

// See https://eemeli.org/yaml/#lexer: control characters in the stream of lexemes, which stand for no text and announce the next lexeme.
const scalarMark = '\u001F'
const marks: ReadonlySet<string> = new Set([scalarMark, '\u0002', '\u0018'])

/** Counts levels opened on one line, by a few characters each. Levels that take a line each cannot exhaust the parser's stack. */
class LevelsOfLine {
  /** Offset of the next lexeme. */
  offset = 0
  #brackets = 0
  #indicators = 0
  #isScalar = false

  /** Number of open levels after this lexeme. */
  with(lexeme: string): number {
    const isScalar = this.#isScalar
    this.#isScalar = lexeme === scalarMark && !isScalar
    if (!isScalar && marks.has(lexeme)) return 0
    this.offset += lexeme.length
    if (!isScalar) this.#count(lexeme)
    return Math.max(this.#brackets, this.#indicators)
  }

  #count(lexeme: string): void {
    const sign = lexeme.charAt(0)
    if (sign === '[' || sign === '{') this.#brackets++
    else if (sign === ']' || sign === '}') this.#brackets = Math.max(0, this.#brackets - 1)
    else if (sign === '\n' || sign === '\r') this.#indicators = 0
    // Outside brackets each of these signs may open a level: `- - - x`.
    else if ((sign === '-' || sign === '?' || sign === ':') && this.#brackets === 0) this.#indicators++
  }
}

/** Offset of the first list or map that is nested too deeply. Not recursive, because it protects against deep recursion. */
function tooDeep(tokens: readonly CST.Token[]): number | undefined {
  const open: {token: CST.Token; depth: number}[] = tokens.map(token => ({token, depth: 0}))
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const {token, depth} = next
    if (token.type === 'document') {
      if (token.value !== undefined) open.push({token: token.value, depth})
    } else if ('items' in token) {
      if (depth >= maxNesting) return token.offset
      for (const {key, value} of token.items) {
        if (key) open.push({token: key, depth: depth + 1})
        if (value) open.push({token: value, depth: depth + 1})
      }
    }
  }
  return undefined
}
