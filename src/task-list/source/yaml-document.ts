import {Composer, type CST, type Document, type ParsedNode, type ScalarTag, type Tags, visit} from 'yaml'
import {failure, type Result, success} from '../../model/result.ts'
import type {LocatedText} from './list-text.ts'
import type {MistakeLog} from './mistakes.ts'
import {syntaxMessage} from './yaml-syntax.ts'
import {yamlTokens} from './yaml-tokens.ts'

/** Digits of an integer; Python's limit, for the same reason: reading more takes time that grows with the square of their number. */
const maxIntegerDigits = 4300

const maxSyntaxMistakes = 1000

/** The one YAML 1.2 document in `text`, not yet looked into. What is wrong with its syntax goes to `mistakes`. */
export function parseYaml(text: LocatedText, mistakes: MistakeLog): Result<ParsedNode | null, 'syntax'> {
  const tokens = yamlTokens(text.text)
  if (!tokens.ok) {
    const {message, offset} = tokens.error
    mistakes.add(text.placeAt(offset), message, text.excerptAt(offset))
    return failure('syntax')
  }
  const composed = compose(tokens.value)
  if (composed.length === 0) return success(null)
  const [document, second] = composed
  if (document === undefined) return success(null)
  const wasSound = reportSyntax(document, second, text, mistakes)
  return wasSound ? success(document.contents) : failure('syntax')
}

function compose(tokens: readonly CST.Token[]): Document.Parsed[] {
  // Duplicate keys are found later, in one pass; yaml's own check compares every key with every other.
  const composer = new Composer({
    customTags: boundedIntegers,
    intAsBigInt: true,
    logLevel: 'silent',
    resolveKnownTags: false,
    uniqueKeys: false
  })
  boundErrors(composer)
  const documents: Document.Parsed[] = []
  for (const document of composer.compose(tokens)) {
    documents.push(document as Document.Parsed)
    if (documents.length === 2) break
  }
  return documents
}

/** An error is kept with its stack, so that a text of nothing but errors would take gigabytes; the composer has no limit of its own. */
function boundErrors(composer: Composer): void {
  const report: unknown = Reflect.get(composer, 'onError')
  let errors = 0
  if (typeof report === 'function')
    Reflect.set(composer, 'onError', (...error: unknown[]) => errors++ < maxSyntaxMistakes && report(...error))
}

function boundedIntegers(tags: Tags): Tags {
  return tags.map(tag =>
    typeof tag === 'object' && tag.tag === 'tag:yaml.org,2002:int' && 'resolve' in tag ? bounded(tag as ScalarTag) : tag
  )
}

function bounded(tag: ScalarTag): ScalarTag {
  return {
    ...tag,
    resolve(text, onError, options) {
      if (text.length <= maxIntegerDigits) return tag.resolve(text, onError, options)
      onError(`an integer of more than ${maxIntegerDigits} digits`)
      return 0n
    }
  }
}

function reportSyntax(document: Document.Parsed, second: Document.Parsed | undefined, text: LocatedText, mistakes: MistakeLog): boolean {
  const {explicit, version} = document.directives.yaml as {explicit?: boolean; version: string}
  const errors = [...document.errors, ...document.warnings].toSorted((a, b) => a.pos[0] - b.pos[0])
  const lines = new Set<number>()
  for (const error of errors.slice(0, maxSyntaxMistakes)) {
    const at = Math.min(error.message.startsWith('Missing closing') ? openingQuote(document, error.pos[0]) : error.pos[0], text.text.length)
    const place = text.placeAt(at)
    // After the first error of a line the parser is guessing.
    if (lines.has(place.line)) continue
    lines.add(place.line)
    mistakes.add(place, syntaxMessage(error, text.text, at), text.excerptAt(at))
  }
  if (explicit === true && version !== '1.2')
    mistakes.add(text.placeAt(0), `expected YAML 1.2, got %YAML ${version}; leave the directive out`)
  else if (errors.length === 0 && second !== undefined) {
    const at = second.range[0]
    mistakes.add(text.placeAt(at), 'expected one document, got a second one after "---" or "..."', text.excerptAt(at))
  } else return errors.length === 0
  return false
}

/** Where the quoted text starts that ends, without a closing quote, at `end`; there can be one only. */
function openingQuote(document: Document.Parsed, end: number): number {
  let start = end
  visit(document, {
    Scalar(_, {range}) {
      if (range?.[1] !== end) return undefined
      start = range[0]
      return visit.BREAK
    }
  })
  return start
}
