import {
  Composer,
  type CST,
  type Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  type ParsedNode,
  type ScalarTag,
  type Tags,
  visit,
  type YAMLError
} from 'yaml'
import {failure, type Result, success} from '../../model/result.ts'
import type {LocatedText} from './list-text.ts'
import type {MistakeLog} from './mistakes.ts'
import {syntaxMessage} from './yaml-syntax.ts'
import {yamlTokens} from './yaml-tokens.ts'

/** Most digits of an integer. Python has the same limit for the same reason: parsing time grows with the square of the digits. */
const maxIntegerDigits = 4300

const maxSyntaxMistakes = 1000

/** Parses the one YAML 1.2 document in `text`, without reading its values. Syntax errors go to `mistakes`. */
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
  const documents: Document.Parsed[] = []
  // A text may consist of errors alone. With a stack for each, 800,000 of them would take four seconds and half a gigabyte.
  const {stackTraceLimit} = Error
  Error.stackTraceLimit = 0
  try {
    for (const document of composer.compose(tokens)) {
      documents.push(document as Document.Parsed)
      if (documents.length === 2) break
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
  return documents
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
  const errors = [document.errors, document.warnings].flatMap(found => found.slice(0, maxSyntaxMistakes))
  const absent = missingSigns(document, text.text, new Set(errors.filter(isOfMissing).map(({pos}) => pos[0])))
  const lines = new Set<number>()
  for (const error of errors.toSorted((a, b) => a.pos[0] - b.pos[0])) {
    const missing = isOfMissing(error) ? absent.get(error.pos[0]) : undefined
    const at = Math.min(missing?.quote ?? error.pos[0], text.text.length)
    const place = text.placeAt(at)
    // After the first error on a line the parser is guessing.
    if (lines.has(place.line)) continue
    lines.add(place.line)
    mistakes.add(place, syntaxMessage(error, text.text, at, missing?.sign), text.excerptAt(at))
  }
  if (explicit === true && version !== '1.2')
    mistakes.add(text.placeAt(0), `expected YAML 1.2, got %YAML ${version}; leave the directive out`)
  else if (errors.length === 0 && second !== undefined) {
    const at = second.range[0]
    mistakes.add(text.placeAt(at), 'expected one document, got a second one after "---" or "..."', text.excerptAt(at))
  } else return errors.length === 0
  return false
}

/** A missing quote, bracket or comma. */
interface MissingSign {
  readonly sign: string
  /** For a quote: the offset of the opening one. */
  readonly quote?: number
}

const isOfMissing = ({code}: YAMLError): boolean => code === 'MISSING_CHAR' || code === 'BAD_INDENT'

/**
 * For each of the `offsets` at which a quoted text, brackets, or a value inside brackets end: the sign that is missing there. If several could be,
 * the innermost.
 */
function missingSigns(document: Document.Parsed, text: string, offsets: ReadonlySet<number>): ReadonlyMap<number, MissingSign> {
  const found = new Map<number, MissingSign>()
  const outer = new Map<number, string>()
  const add = (offset: number, missing: MissingSign) => offsets.has(offset) && found.set(offset, missing)
  if (offsets.size === 0) return found
  visit(document, {
    Node(_, node) {
      const [start = 0, end = 0] = node.range ?? []
      if (isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE')) {
        const sign = text.charAt(start)
        if (end - start === 1 || text.charAt(end - 1) !== sign) add(end, {sign, quote: start})
      } else if (isCollection(node) && node.flow === true) {
        const sign = isMap(node) ? '}' : ']'
        // `[a: 1]` is a list of a map that has no brackets.
        if (text.charAt(start) === (isMap(node) ? '{' : '[')) {
          const outside = outer.get(end)
          // Of several that end at the same place, only the innermost can be closed.
          if (text.charAt(end - 1) !== sign) add(end, {sign})
          else if (outside !== undefined) add(end, {sign: outside})
          if (offsets.has(end)) outer.set(end, sign)
        }
        for (const item of node.items) {
          for (const part of isPair(item) ? [item.key, item.value] : [item]) {
            if (isNode(part) && part.range && text.charAt(part.range[0]) !== ':') add(part.range[0], {sign: ','})
          }
        }
      }
    }
  })
  return found
}
