import {type CST, Lexer, Parser} from 'yaml'
import {failure, type Result, success} from '../../model/result.ts'

/** Levels of lists and maps that a document may have: those of a parameter's value, and those of the list around it. */
const maxNesting = 128

/** Words and signs of YAML that a text may have: more than 100,000 short tasks need, and what is read in seconds and within 1 GB. */
const maxLexemes = 4_000_000

/** Anchors and tags in front of one value; two are right, more are a mistake, and many take the composer minutes. */
const maxProperties = 16

/** Errors that are enough to refuse a text. */
const maxErrors = 1000

/** Why a text is not read on, and where. */
export interface Excess {
  /** In UTF-16 units, from 0. */
  readonly offset: number
  readonly message: string
}

/**
 * What yaml's parser makes of `text`, unless that would take more time, memory or stack than any list is worth. Its parser and composer have
 * no limits of their own, and recurse by level.
 */
export function yamlTokens(text: string): Result<readonly CST.Token[], Excess> {
  const parser = new Parser()
  const watch = new LexemeWatch()
  const tokens: CST.Token[] = []
  let errors = 0
  const keep = (more: Iterable<CST.Token>) => {
    for (const token of more) if (token.type !== 'error' || errors++ < maxErrors) tokens.push(token)
  }
  for (const lexeme of new Lexer().lex(text)) {
    const message = watch.excessOf(lexeme)
    if (message !== undefined) return failure({offset: watch.offset, message})
    keep(parser.next(lexeme))
  }
  keep(parser.end())
  const offset = watch.mostLevels <= maxNesting ? undefined : tooDeep(tokens)
  return offset === undefined ? success(tokens) : failure({offset, message: nestingMessage})
}

const nestingMessage = `nested deeper than ${maxNesting} levels`

// Of https://eemeli.org/yaml/#lexer: they stand for no text, and announce what comes next.
const scalarMark = '\u001F'
const marks: ReadonlySet<string> = new Set(['\u0002', '\u0018'])

/** Counts, as the lexemes go by, what the parser must not be given too much of. */
class LexemeWatch {
  /** Of the lexeme that was looked at last. */
  offset = 0
  #next = 0
  #lexemes = 0
  #brackets = 0
  #indicatorsOfLine = 0
  #properties = 0
  #isScalar = false
  #isLineStart = true
  #deepest = {indent: 0, indicators: 0, brackets: 0}

  /** More levels than this there cannot be: two for each column of indentation (a list may stand at the column of its key). */
  get mostLevels(): number {
    const {brackets, indent, indicators} = this.#deepest
    return 2 * (indent + 1) + indicators + brackets
  }

  /** What there is too much of with this lexeme, if anything. */
  excessOf(lexeme: string): string | undefined {
    this.offset = this.#next
    if (++this.#lexemes > maxLexemes) return `the list is made of more than ${maxLexemes.toLocaleString('en')} words and signs; split it`
    const isScalar = this.#isScalar
    this.#isScalar = lexeme === scalarMark
    if (this.#isScalar || marks.has(lexeme)) return undefined
    this.#next += lexeme.length
    if (isScalar) this.#properties = 0
    else this.#count(lexeme)
    if (this.#brackets > maxNesting || this.#indicatorsOfLine > maxNesting) return nestingMessage
    return this.#properties > maxProperties ? 'expected at most one anchor and one tag before a value' : undefined
  }

  #count(lexeme: string): void {
    switch (lexeme.charAt(0)) {
      case '[':
      case '{':
        this.#brackets++
        this.#deepest.brackets = Math.max(this.#deepest.brackets, this.#brackets)
        break
      case ']':
      case '}':
        this.#brackets = Math.max(0, this.#brackets - 1)
        break
      case '-':
      case '?':
      case ':':
        // Outside brackets each of them may open a level: `- - - x`.
        if (this.#brackets === 0) this.#indicatorsOfLine++
        this.#deepest.indicators = Math.max(this.#deepest.indicators, this.#indicatorsOfLine)
        this.#properties = 0
        break
      case '&':
      case '!':
        this.#properties++
        break
      case '\n':
      case '\r':
        this.#indicatorsOfLine = 0
        break
      case ' ':
        if (this.#isLineStart) this.#deepest.indent = Math.max(this.#deepest.indent, lexeme.length)
        break
      default:
        this.#properties = 0
    }
    this.#isLineStart = lexeme.endsWith('\n')
  }
}

/** Offset of the first list or map that is nested too deep. Without recursion, which is what it protects. */
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
